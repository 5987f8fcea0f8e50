package io.millrace.cli;

import io.millrace.cli.crossslot.CrossSlotCommand;
import io.millrace.cli.demo.DemoCommand;
import io.millrace.cli.dirty.DirtyCommand;
import io.millrace.cli.dirty.RecopyCommand;
import io.millrace.cli.finish.FinishCommand;
import io.millrace.cli.migration.MigrateCommand;
import io.millrace.cli.plan.PlanCommand;
import io.millrace.cli.replay.ReplayCommand;
import io.millrace.cli.verify.VerifyCommand;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** The command {@code millrace}. */
@Command(
        name = "millrace",
        header = "Change data capture and migration for Redis and Valkey.",
        mixinStandardHelpOptions = true,
        scope = CommandLine.ScopeType.INHERIT,
        versionProvider = VersionCommand.Provider.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            DemoCommand.class,
            PlanCommand.class,
            MigrateCommand.class,
            ReplayCommand.class,
            VerifyCommand.class,
            CrossSlotCommand.class,
            DirtyCommand.class,
            RecopyCommand.class,
            FinishCommand.class,
            VersionCommand.class,
            HelpCommand.class
        },
        footer = {
            "",
            "'millrace help COMMAND' explains a command.",
        })
public final class Millrace implements Runnable {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    public static void main(String[] arguments) {
        Thread.setDefaultUncaughtExceptionHandler(Errors::uncaught);
        System.exit(commandLine().execute(arguments));
    }

    /** The whole command line, as {@code docs/cli.md} describes it. */
    public static CommandLine commandLine() {
        CommandLine line = new CommandLine(new Millrace());
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setUsageHelpAutoWidth(true);
        line.setUsageHelpLongOptionsMaxWidth(34);
        line.setParameterExceptionHandler(Errors::usage);
        line.setExecutionExceptionHandler(Errors::execution);
        return line;
    }

    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        spec.commandLine().usage(out);
    }
}
