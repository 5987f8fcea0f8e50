package io.millrace.cli.embedded;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.Property;
import org.apache.logging.log4j.core.config.builder.api.ConfigurationBuilder;
import org.apache.logging.log4j.core.config.builder.api.ConfigurationBuilderFactory;
import org.apache.logging.log4j.core.config.builder.impl.BuiltConfiguration;

/**
 * Sends everything that Kafka, Connect and the connectors log to one rolling file, and remembers the cause of the last
 * error, so that a broker that stops can be explained in one sentence.
 */
final class RunLog {
    private static final String FILE = "file";

    private final LastError lastError;

    private RunLog(LastError lastError) {
        this.lastError = lastError;
    }

    static RunLog open(Path file) {
        Configurator.reconfigure(toFile(file));
        LastError lastError = new LastError();
        lastError.start();
        Configuration configuration = ((LoggerContext) LogManager.getContext(false)).getConfiguration();
        configuration.getRootLogger().addAppender(lastError, Level.ERROR, null);
        return new RunLog(lastError);
    }

    private static Configuration toFile(Path file) {
        ConfigurationBuilder<BuiltConfiguration> builder = ConfigurationBuilderFactory.newConfigurationBuilder();
        builder.setConfigurationName("run").setShutdownHook("disable").setStatusLevel(Level.OFF);
        builder.add(builder.newAppender(FILE, "RollingFile")
                .addAttribute("fileName", file)
                .addAttribute("filePattern", file + ".%i")
                .add(builder.newLayout("PatternLayout").addAttribute("pattern", "%d{ISO8601} %-5p %t %c{1.} %m%n%xEx"))
                .addComponent(builder.newComponent("Policies")
                        .addComponent(builder.newComponent("SizeBasedTriggeringPolicy")
                                .addAttribute("size", "16MB")))
                .addComponent(builder.newComponent("DefaultRolloverStrategy").addAttribute("max", 3)));
        builder.add(builder.newLogger("io.millrace", Level.INFO));
        builder.add(builder.newLogger("org.apache.kafka.connect.runtime", Level.INFO));
        builder.add(builder.newLogger("org.apache.kafka.connect.runtime.isolation", Level.WARN));
        builder.add(builder.newLogger("org.apache.kafka.connect.runtime.WorkerInfo", Level.WARN));
        builder.add(builder.newLogger("org.apache.kafka.connect.runtime.rest", Level.WARN));
        builder.add(builder.newRootLogger(Level.WARN).add(builder.newAppenderRef(FILE)));
        return builder.build();
    }

    /** The root cause of the last error that was logged with one, as one line. */
    Optional<String> lastErrorCause() {
        return Optional.ofNullable(lastError.cause.get());
    }

    private static final class LastError extends AbstractAppender {
        private final AtomicReference<String> cause = new AtomicReference<>();

        LastError() {
            super("last-error", null, null, true, Property.EMPTY_ARRAY);
        }

        @Override
        public void append(LogEvent event) {
            Throwable thrown = event.getThrown();
            if (thrown != null) {
                while (thrown.getCause() != null) {
                    thrown = thrown.getCause();
                }
                cause.set(thrown.getMessage() == null ? thrown.getClass().getSimpleName() : thrown.getMessage());
            }
        }
    }
}
