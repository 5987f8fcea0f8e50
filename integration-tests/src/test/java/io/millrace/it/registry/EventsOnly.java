package io.millrace.it.registry;

import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** A class path of the events jar, Kafka's client, Confluent's deserializer and what those need. */
final class EventsOnly implements AutoCloseable {

    private static final Pattern WANTED =
            Pattern.compile(".*[/\\\\](events|confluent-client)[/\\\\]target[/\\\\](classes|[^/\\\\]+\\.jar)"
                    + "|.*[/\\\\](kafka-clients|avro|jackson-(core|databind|annotations|datatype-jdk8|dataformat-csv)"
                    + "|guava|failureaccess|slf4j-api|snappy-java|lz4-java|zstd-jni)-\\d[^/\\\\]*\\.jar");

    private final URLClassLoader loader;

    EventsOnly() {
        List<URL> urls = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            if (WANTED.matcher(Path.of(entry).toString()).matches()) {
                urls.add(url(Path.of(entry)));
            }
        }
        // The consumer's own class, and with it this module's tests; what those import is not there.
        urls.add(EventsConsumer.class.getProtectionDomain().getCodeSource().getLocation());
        this.loader = new URLClassLoader(urls.toArray(new URL[0]), ClassLoader.getPlatformClassLoader());
    }

    boolean knows(String className) {
        try {
            Class.forName(className, false, loader);
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    /** Runs {@link EventsConsumer} on this class path. */
    @SuppressWarnings("unchecked") // the method's own type
    List<String> consume(String bootstrapServers, String registry, String topic, int count)
            throws ReflectiveOperationException {
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        Thread.currentThread().setContextClassLoader(loader);
        try {
            return (List<String>) loader.loadClass(EventsConsumer.class.getName())
                    .getMethod("read", String.class, String.class, String.class, int.class)
                    .invoke(null, bootstrapServers, registry, topic, count);
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    @Override
    public void close() throws IOException {
        loader.close();
    }

    private static URL url(Path path) {
        try {
            return path.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalStateException(e);
        }
    }
}
