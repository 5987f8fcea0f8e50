package io.millrace.credentials.alibaba;

import io.millrace.endpoint.CredentialsException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A RAM role, assumed by STS and again shortly before that runs out. Thread-safe. */
final class AssumedRole implements Keys {

    private static final Duration MARGIN = Duration.ofMinutes(5);
    private static final String SESSION = "millrace";

    private final OpenApi sts;
    private final Keys own;
    private final String role;
    private final Optional<String> externalId;
    private Key key;
    private Instant until = Instant.MIN;

    AssumedRole(OpenApi sts, Keys own, String role, Optional<String> externalId) {
        this.sts = sts;
        this.own = own;
        this.role = role;
        this.externalId = externalId;
    }

    @Override
    public synchronized Key current() {
        if (Instant.now().isBefore(until)) {
            return key;
        }
        Map<String, String> query = new HashMap<>();
        query.put("RoleArn", role);
        query.put("RoleSessionName", SESSION);
        externalId.ifPresent(id -> query.put("ExternalId", id));
        Map<?, ?> answer = sts.call("AssumeRole", query, own, "the role " + role);
        if (!(answer.get("Credentials") instanceof Map<?, ?> given)) {
            throw CredentialsException.retryable("STS of Alibaba Cloud gives an answer that is none");
        }
        try {
            key = new Key(text(given, "AccessKeyId"), text(given, "AccessKeySecret"), text(given, "SecurityToken"));
            until = Instant.parse(text(given, "Expiration")).minus(MARGIN);
        } catch (DateTimeException e) {
            throw CredentialsException.retryable("STS of Alibaba Cloud gives an answer that is none");
        }
        return key;
    }

    @Override
    public synchronized void forget() {
        until = Instant.MIN;
    }

    private static String text(Map<?, ?> from, String name) {
        return String.valueOf(from.get(name));
    }
}
