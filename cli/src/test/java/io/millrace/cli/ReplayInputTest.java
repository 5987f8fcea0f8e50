package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each mistake is one sentence, before anything is started or written. */
class ReplayInputTest {
    private static final String TARGET = "redis://127.0.0.1:1";

    @TempDir
    Path directory;

    @Test
    void noPlaceToGoBackTo() {
        Ran.millrace("replay", "--target", TARGET)
                .failsWith(ExitStatus.USAGE)
                .naming("--from-start", "--to-offset", "--to-time");
    }

    @Test
    void twoPlacesToGoBackTo() {
        Ran.millrace("replay", "--target", TARGET, "--from-start", "--to-offset", "3")
                .failsWith(ExitStatus.USAGE)
                .naming("--from-start", "--to-offset");
    }

    @Test
    void flushedAndKept() {
        Ran.millrace("replay", "--target", TARGET, "--from-start", "--flush-target", "--apply-twice")
                .failsWith(ExitStatus.USAGE)
                .naming("--flush-target", "--apply-twice");
    }

    @Test
    void anOffsetThatIsNone() {
        replay("--to-offset", "last").failsWith(ExitStatus.USAGE).naming("--to-offset", "'last'");
    }

    @Test
    void aTimeThatIsNone() {
        replay("--from-start", "--until-time", "yesterday")
                .failsWith(ExitStatus.USAGE)
                .naming("--until-time", "'yesterday'", "2030-01-31T12:00:00Z");
    }

    @Test
    void noLog() {
        Ran.millrace("replay", "--target", TARGET, "--from-start")
                .failsWith(ExitStatus.USAGE)
                .naming("--data-dir", "--source", "--connect-url");
    }

    @Test
    void aDirectoryWithoutAMigration() {
        Path missing = directory.resolve("missing");
        Ran.millrace("replay", "--target", TARGET, "--from-start", "--data-dir", missing.toString())
                .failsWith(ExitStatus.REFUSED)
                .naming(missing.toString(), "--data-dir");
        assertThat(missing).doesNotExist();
    }

    @Test
    void aWorkerThatDoesNotAnswer() {
        Ran.millrace(
                        "replay",
                        "--target",
                        TARGET,
                        "--from-start",
                        "--connect-url",
                        "http://127.0.0.1:1",
                        "--bootstrap-servers",
                        "127.0.0.1:2")
                .failsWith(ExitStatus.FAILED)
                .naming("http://127.0.0.1:1", "--connect-url");
    }

    private Ran replay(String... more) {
        String[] all = new String[more.length + 5];
        all[0] = "replay";
        all[1] = "--target";
        all[2] = TARGET;
        all[3] = "--data-dir";
        all[4] = directory.toString();
        System.arraycopy(more, 0, all, 5, more.length);
        return Ran.millrace(all);
    }
}
