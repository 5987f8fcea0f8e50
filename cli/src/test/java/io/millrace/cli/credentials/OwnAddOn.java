package io.millrace.cli.credentials;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;

/** A jar with a provider of somebody's own, compiled for a test, so that no class loader but its add-on's has it. */
final class OwnAddOn {

    private static final String SOURCE = """
            package own;
            import io.millrace.credentials.*;
            import io.millrace.endpoint.*;
            import java.util.List;
            public class VaultProvider implements CredentialProvider {
                public String name() { return "vault"; }
                public List<ProviderOption> options() {
                    return List.of(
                        ProviderOption.text("role", "Role."), new ProviderOption("token", true, "Token."));
                }
                public Credentials credentials(ProviderSettings settings) {
                    String role = settings.option("role").orElseThrow(() ->
                        new InvalidProviderOptionException("role", "the provider vault needs a role beside redis.user."));
                    return Login.of(settings.user() + "@" + role, settings.options().get("token"));
                }
            }
            """;

    private OwnAddOn() {}

    static Path writeTo(Path jar, Path scratch) throws IOException {
        Path source = Files.createDirectories(scratch.resolve("own")).resolve("VaultProvider.java");
        Files.writeString(source, SOURCE);
        int status = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "-classpath",
                        System.getProperty("java.class.path"),
                        "-d",
                        scratch.toString(),
                        source.toString());
        if (status != 0) {
            throw new IllegalStateException("The provider does not compile");
        }
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(out)) {
            name(entries);
            entries.putNextEntry(new JarEntry("own/VaultProvider.class"));
            entries.write(Files.readAllBytes(scratch.resolve("own/VaultProvider.class")));
        }
        return jar;
    }

    /** A jar that names the provider and has no such class. */
    static void withoutItsClass(Path jar) throws IOException {
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(out)) {
            name(entries);
        }
    }

    private static void name(JarOutputStream entries) throws IOException {
        entries.putNextEntry(new JarEntry("META-INF/services/io.millrace.credentials.CredentialProvider"));
        entries.write("own.VaultProvider\n".getBytes(StandardCharsets.UTF_8));
    }
}
