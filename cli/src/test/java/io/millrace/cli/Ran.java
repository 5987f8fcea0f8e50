package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/** A command that was run in this JVM, with what it printed through picocli. */
record Ran(int exitCode, String out, String err) {
    static Ran millrace(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Millrace.commandLine();
        line.setOut(new PrintWriter(out));
        line.setErr(new PrintWriter(err));
        int code = line.execute(arguments);
        return new Ran(code, out.toString(), err.toString());
    }

    /** One line on standard error, one sentence, no stack trace, and this exit code. */
    Ran failsWith(ExitStatus status) {
        assertThat(err.lines()).as("lines on standard error").hasSize(1);
        assertThat(err).startsWith("millrace: ").doesNotContain("Exception", "\tat ");
        assertThat(exitCode).as(err).isEqualTo(status.code());
        return this;
    }

    Ran naming(String... parts) {
        assertThat(err).contains(parts);
        return this;
    }
}
