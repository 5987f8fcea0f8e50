package io.millrace.cli.options;

import java.nio.file.Path;
import java.util.Map;

/** What the options of one side say about login and TLS; everything may be null but the flag and the provider's options. */
record LoginOptions(
        String user,
        Path passwordFile,
        String provider,
        Map<String, String> providerOptions,
        Path ca,
        Path certificate,
        Path key,
        boolean skipHostCheck,
        String sentinelUser) {
    static final LoginOptions NONE = new LoginOptions(null, null, null, Map.of(), null, null, null, false, null);
}
