package io.millrace.it.plugin;

import java.net.URL;
import java.net.URLClassLoader;

/** What a Connect worker shows to a plugin: Connect, Kafka and slf4j are the worker's, all else is the plugin's own. */
final class WorkerClassLoader extends URLClassLoader {

    WorkerClassLoader(URL[] jars) {
        super(jars, new Shared());
    }

    private static final class Shared extends ClassLoader {
        Shared() {
            super(ClassLoader.getPlatformClassLoader());
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            if (name.startsWith("org.apache.kafka.") || name.startsWith("org.slf4j.")) {
                return WorkerClassLoader.class.getClassLoader().loadClass(name);
            }
            throw new ClassNotFoundException(name);
        }
    }
}
