package io.millrace.cli.credentials;

import io.millrace.cli.Failure;
import io.millrace.credentials.CredentialProvider;
import io.millrace.credentials.CredentialProviders;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.stream.Stream;

/**
 * Jars that bring credential providers: an unpacked zip of Millrace's, or a jar of one's own.
 *
 * @param path a directory with jars anywhere below, or one jar
 */
public record AddOn(Path path) {

    /** Those of a directory, by name; none where it is missing. */
    static List<AddOn> in(Path directory) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(directory)) {
            return children.filter(child -> Files.isDirectory(child) || isJar(child))
                    .sorted()
                    .map(AddOn::new)
                    .toList();
        } catch (IOException e) {
            throw unreadable(directory, e);
        }
    }

    public List<Path> jars() {
        try (Stream<Path> files = Files.walk(path)) {
            return files.filter(AddOn::isJar).sorted().toList();
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    /** Each add-on has a class loader of its own, so that the libraries of one cloud never meet those of another. */
    List<CredentialProvider> providers() {
        List<URL> urls = new ArrayList<>();
        for (Path jar : jars()) {
            try {
                urls.add(jar.toUri().toURL());
            } catch (MalformedURLException e) {
                throw unreadable(jar, e);
            }
        }
        // Open for as long as the process lives, as the providers are.
        URLClassLoader loader = new URLClassLoader(urls.toArray(new URL[0]), CredentialProvider.class.getClassLoader());
        try {
            return CredentialProviders.of(loader);
        } catch (ServiceConfigurationError | LinkageError e) {
            throw new Failure(
                    "The add-on " + path + " cannot be loaded (" + e.getClass().getSimpleName()
                            + "); unpack the one of this version of Millrace anew, or take it away.");
        }
    }

    private static boolean isJar(Path file) {
        return file.getFileName().toString().endsWith(".jar") && Files.isRegularFile(file);
    }

    private static Failure unreadable(Path what, IOException e) {
        return new Failure("The add-ons in " + what + " cannot be read ("
                + e.getClass().getSimpleName() + "); let this user read them.");
    }
}
