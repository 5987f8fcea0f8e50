package io.millrace.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Every way that a command can fail ends here, as one sentence on standard error. Stack traces go to the log file. */
final class Errors {
    private Errors() {}

    static int usage(ParameterException first, String[] arguments) {
        CommandLine command = first.getCommandLine();
        ParameterException e = preferMistyped(first, arguments);
        StringBuilder sentence = new StringBuilder(
                withoutFullStop(e.getMessage().lines().findFirst().orElse("")));
        if (e instanceof UnmatchedArgumentException unmatched) {
            List<String> suggestions = unmatched.getSuggestions();
            if (!suggestions.isEmpty()) {
                sentence.append("; did you mean ")
                        .append(String.join(" or ", suggestions))
                        .append("?");
                return end(command, ExitStatus.USAGE, sentence.toString(), isJson(arguments));
            }
        }
        sentence.append("; see '")
                .append(command.getCommandSpec().qualifiedName())
                .append(" --help'.");
        return end(command, ExitStatus.USAGE, sentence.toString(), isJson(arguments));
    }

    /** An option that is missing is most often one that was mistyped: then that is the mistake to name. */
    private static ParameterException preferMistyped(ParameterException e, String[] arguments) {
        if (!(e instanceof MissingParameterException)) {
            return e;
        }
        List<String> unknown = Arrays.stream(arguments)
                .filter(argument -> argument.startsWith("--"))
                .map(argument -> argument.split("=", 2)[0])
                .filter(name -> e.getCommandLine().getCommandSpec().findOption(name) == null)
                .toList();
        return unknown.isEmpty() ? e : new UnmatchedArgumentException(e.getCommandLine(), unknown);
    }

    static int execution(Exception e, CommandLine command, ParseResult parsed) {
        String[] arguments = parsed.originalArgs().toArray(new String[0]);
        if (e instanceof Failure failure) {
            return end(command, failure.status(), failure.getMessage(), isJson(arguments));
        }
        LoggerFactory.getLogger(Errors.class).error("The command ended unexpectedly", e);
        String what =
                e.getMessage() == null ? e.getClass().getName() : e.getClass().getSimpleName() + ": " + e.getMessage();
        return end(
                command,
                ExitStatus.FAILED,
                "Something unexpected happened (" + withoutFullStop(what.replaceAll("\\s*\\R\\s*", " "))
                        + "); the log file in the data directory has the details, please report them.",
                isJson(arguments));
    }

    /** Without memory no thread can be relied on: end at once, with the one thing that helps. */
    static void uncaught(Thread thread, Throwable thrown) {
        if (thrown instanceof OutOfMemoryError) {
            System.err.println("millrace: There is not enough memory (" + thrown.getMessage()
                    + "); give more with MILLRACE_OPTS=-Xmx2g and run the same command again to go on.");
            Runtime.getRuntime().halt(ExitStatus.FAILED.code());
        }
        LoggerFactory.getLogger(Errors.class).error("Thread {} ended unexpectedly", thread.getName(), thrown);
    }

    private static int end(CommandLine command, ExitStatus status, String sentence, boolean json) {
        if (json) {
            ObjectNode node = new ObjectMapper().createObjectNode();
            node.put("event", "error");
            node.put("exitCode", status.code());
            node.put("message", sentence);
            command.getOut().println(node);
            command.getOut().flush();
        } else {
            PrintWriter err = command.getErr();
            err.println("millrace: " + sentence);
            err.flush();
        }
        return status.code();
    }

    private static boolean isJson(String[] arguments) {
        return Arrays.asList(arguments).contains("--json");
    }

    private static String withoutFullStop(String text) {
        return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    }
}
