package io.millrace.it.module;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The module of {@code tally.c}, compiled here: no package that can be had holds one that a server loads. */
final class TallyModule {

    /** The name of its type, as RDBs hold it. */
    static final String TYPE = "tally-mil";

    private TallyModule() {}

    /** Empty where this machine has no C compiler. */
    static Optional<Path> compiled(Path directory) throws IOException {
        Path source = directory.resolve("tally.c");
        Path library = directory.resolve("tally.so");
        try (InputStream in = TallyModule.class.getResourceAsStream("tally.c")) {
            Files.copy(in, source);
        }
        try {
            Process compiler = new ProcessBuilder("cc", "-shared", "-fPIC", "-o", library.toString(), source.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("cc.log").toFile())
                    .start();
            boolean ended = compiler.waitFor(60, TimeUnit.SECONDS);
            return ended && compiler.exitValue() == 0 ? Optional.of(library) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
