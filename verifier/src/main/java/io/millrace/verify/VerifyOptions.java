package io.millrace.verify;

import java.time.Duration;
import java.util.Objects;
import java.util.Set;

/**
 * How two keyspaces are compared.
 *
 * @param expiryTolerance how far two expiries may lie apart; 0 ms or more. Expiry is read as an absolute time: exactly where
 *     the server has PEXPIRETIME (Redis and Valkey 7.0), else from TIME and PTTL, which may be 1 ms off; that millisecond is
 *     always allowed
 * @param rounds how often a difference is looked at again before it is reported; at least 1
 * @param pause how long to wait before each such look; what is still on its way can arrive
 * @param maxDifferences how many differences are reported in full; the others are counted
 * @param batchKeys how many keys are read at a time; 1 to 10000
 * @param databases the databases to compare; empty for all
 */
public record VerifyOptions(
        Duration expiryTolerance,
        int rounds,
        Duration pause,
        int maxDifferences,
        int batchKeys,
        Set<Integer> databases) {

    public VerifyOptions {
        Objects.requireNonNull(pause, "pause");
        databases = Set.copyOf(databases);
        if (expiryTolerance.isNegative()) {
            throw new IllegalArgumentException("The expiry tolerance must not be negative.");
        }
        if (rounds < 1) {
            throw new IllegalArgumentException("There must be at least one round.");
        }
        if (maxDifferences < 0) {
            throw new IllegalArgumentException("The number of reported differences must not be negative.");
        }
        if (batchKeys < 1 || batchKeys > 10_000) {
            throw new IllegalArgumentException("A batch has 1 to 10000 keys.");
        }
    }

    /** Expiry to the millisecond, two further looks half a second apart, 100 differences in full, all databases. */
    public static VerifyOptions defaults() {
        return new VerifyOptions(Duration.ZERO, 2, Duration.ofMillis(500), 100, 1000, Set.of());
    }

    public VerifyOptions withExpiryTolerance(Duration tolerance) {
        return new VerifyOptions(tolerance, rounds, pause, maxDifferences, batchKeys, databases);
    }

    public VerifyOptions withRounds(int count, Duration between) {
        return new VerifyOptions(expiryTolerance, count, between, maxDifferences, batchKeys, databases);
    }

    public VerifyOptions withMaxDifferences(int count) {
        return new VerifyOptions(expiryTolerance, rounds, pause, count, batchKeys, databases);
    }

    public VerifyOptions withBatchKeys(int count) {
        return new VerifyOptions(expiryTolerance, rounds, pause, maxDifferences, count, databases);
    }

    public VerifyOptions withDatabases(Set<Integer> only) {
        return new VerifyOptions(expiryTolerance, rounds, pause, maxDifferences, batchKeys, only);
    }
}
