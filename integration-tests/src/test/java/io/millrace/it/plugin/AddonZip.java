package io.millrace.it.plugin;

import java.nio.file.Path;

/** The add-ons with credential providers, to be unpacked inside a connector. */
public enum AddonZip {
    AWS("credentials-aws", "aws-iam"),
    ENTRA("credentials-entra", "entra-id"),
    ALIBABA("credentials-alibaba", "alibaba-ram");

    private final PackagedZip zip;
    private final String provider;

    AddonZip(String module, String provider) {
        this.zip = new PackagedZip(module, "-addon.zip");
        this.provider = provider;
    }

    PackagedZip zip() {
        return zip;
    }

    String provider() {
        return provider;
    }

    /** Whether this build has packaged it. */
    public boolean isPresent() {
        return zip.file().isPresent();
    }

    public String missingMessage() {
        return zip.missingMessage();
    }

    public void unpackInto(Path connector) {
        zip.unpackInto(connector);
    }
}
