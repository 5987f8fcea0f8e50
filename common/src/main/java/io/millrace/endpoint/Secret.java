package io.millrace.endpoint;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;

/** A password or token. It never shows itself: {@link #toString} masks, and equality takes the same time for every content. */
public final class Secret {

    private static final Secret NONE = new Secret(new byte[0]);

    private final byte[] content;

    private Secret(byte[] content) {
        this.content = content;
    }

    public static Secret none() {
        return NONE;
    }

    /** The text in UTF-8. */
    public static Secret of(String text) {
        return new Secret(text.getBytes(StandardCharsets.UTF_8));
    }

    public static Secret of(byte[] content) {
        return new Secret(content.clone());
    }

    public boolean isEmpty() {
        return content.length == 0;
    }

    /** A copy of the content, to be sent to the server and nowhere else. */
    public byte[] reveal() {
        return content.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret that && MessageDigest.isEqual(content, that.content);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(content);
    }

    @Override
    public String toString() {
        return isEmpty() ? "" : "****";
    }
}
