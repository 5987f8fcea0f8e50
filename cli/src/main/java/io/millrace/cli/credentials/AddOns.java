package io.millrace.cli.credentials;

import io.millrace.cli.ExitStatus;
import io.millrace.cli.Failure;
import io.millrace.cli.Version;
import io.millrace.credentials.CredentialProvider;
import io.millrace.credentials.CredentialProviders;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The providers that a command can use: those of Millrace itself, and those of a directory of add-ons. */
final class AddOns {

    static final String VARIABLE = "MILLRACE_ADDONS";

    /** The modules whose zips have these providers, for whoever looks for one. */
    private static final Map<String, String> KNOWN =
            Map.of("aws-iam", "credentials-aws", "entra-id", "credentials-entra", "alibaba-ram", "credentials-alibaba");

    private final Path directory;

    private AddOns(Path directory) {
        this.directory = directory;
    }

    /** @param addOn empty for a provider of Millrace itself */
    record Found(CredentialProvider provider, Optional<AddOn> addOn) {}

    static AddOns of(Map<String, String> environment) {
        String named = environment.get(VARIABLE);
        if (named == null || named.isEmpty()) {
            return new AddOns(besideTheJar());
        }
        Path directory = Path.of(named).toAbsolutePath().normalize();
        if (!Files.isDirectory(directory)) {
            throw new Failure(
                    ExitStatus.USAGE,
                    VARIABLE + " names " + directory + ", which is no directory; name the one with the add-ons.");
        }
        return new AddOns(directory);
    }

    /** {@code addons} beside {@code millrace.jar}; beside the classes where they are in no jar. */
    private static Path besideTheJar() {
        CodeSource source = AddOns.class.getProtectionDomain().getCodeSource();
        try {
            return Path.of(source.getLocation().toURI()).resolveSibling("addons");
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** @throws Failure that says where the add-on is missing */
    Found find(String side, String name) {
        List<String> names = new ArrayList<>();
        for (CredentialProvider provider : CredentialProviders.all()) {
            if (provider.name().equals(name)) {
                return new Found(provider, Optional.empty());
            }
            names.add(provider.name());
        }
        for (AddOn addOn : AddOn.in(directory)) {
            for (CredentialProvider provider : addOn.providers()) {
                if (provider.name().equals(name)) {
                    return new Found(provider, Optional.of(addOn));
                }
                names.add(provider.name());
            }
        }
        String remedy = KNOWN.containsKey(name)
                ? "unpack " + KNOWN.get(name) + "-" + Version.current() + "-addon.zip there"
                : "check the name, or put the jar that has it there";
        throw new Failure(
                ExitStatus.USAGE,
                "--" + side + "-credentials: there is no provider " + name + " among " + String.join(", ", names)
                        + " and the add-ons in " + directory + "; " + remedy
                        + ", or name another directory of add-ons with " + VARIABLE + ".");
    }
}
