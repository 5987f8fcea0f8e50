package io.millrace.it.architecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The shipped classes on the class path and the modules that they come from. */
final class Modules {

    /** {@code …/common/target/classes/…} or {@code …/common/target/common-1.0.jar!/…}. */
    private static final Pattern MODULE = Pattern.compile("/([a-z-]+)/target/");

    private static final Path ROOT = Path.of("..");

    private Modules() {}

    /** Ours, and Confluent's that one of our modules carries; no tests. */
    static JavaClasses shippedClasses() {
        return new ClassFileImporter()
                .withImportOption(location -> !isTest(location))
                .importPackages("io.millrace", "io.confluent");
    }

    static JavaClasses ownOf(JavaClasses classes) {
        return classes.that(DescribedPredicate.describe(
                "our own",
                c -> c.getPackageName().startsWith("io.millrace")
                        && !c.getPackageName().contains(".events")));
    }

    /** The directory of the module, or null for a class that is not of this build. */
    static String module(JavaClass type) {
        return type.getSource()
                .map(source -> MODULE.matcher(source.getUri().toString()))
                .filter(Matcher::find)
                .map(m -> m.group(1))
                .orElse(null);
    }

    static DescribedPredicate<JavaClass> areOf(String... modules) {
        Set<String> names = Set.of(modules);
        return DescribedPredicate.describe("are of " + names, c -> module(c) != null && names.contains(module(c)));
    }

    static List<Path> sourceFiles() throws IOException {
        try (Stream<Path> modules = Files.list(ROOT)) {
            return modules.map(module -> module.resolve("src/main/java"))
                    .filter(Files::isDirectory)
                    .flatMap(Modules::javaFiles)
                    .toList();
        }
    }

    private static Stream<Path> javaFiles(Path root) {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(f -> f.toString().endsWith(".java")).toList().stream();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static boolean isTest(Location location) {
        return location.contains("/test-classes/") || location.contains("-tests.jar");
    }
}
