package io.millrace.cli.options;

import java.nio.file.Path;

/** What the options of one side say about login and TLS; everything may be null but the flag. */
record LoginOptions(
        String user,
        Path passwordFile,
        Path ca,
        Path certificate,
        Path key,
        boolean skipHostCheck,
        String sentinelUser) {}
