package io.millrace.cli;

/** The exit codes, as {@code docs/cli.md} lists them. Interruption is the JVM's own 130 (SIGINT) or 143 (SIGTERM). */
public enum ExitStatus {
    OK(0, "done"),
    FAILED(1, "the command began and failed; the last line says why"),
    USAGE(2, "an option or an address is wrong; nothing was touched"),
    REFUSED(3, "a precheck refused to begin; nothing was written to the target"),
    DIFFERENT(
            4,
            "the keyspaces differ, keys are dirty, a cluster would not execute everything as it is, or a plan is too slow"),
    INTERRUPTED(130, "stopped by Ctrl-C after draining; the same command goes on"),
    TERMINATED(143, "stopped by SIGTERM after draining; the same command goes on");

    private final int code;
    private final String meaning;

    ExitStatus(int code, String meaning) {
        this.code = code;
        this.meaning = meaning;
    }

    public int code() {
        return code;
    }

    public String meaning() {
        return meaning;
    }
}
