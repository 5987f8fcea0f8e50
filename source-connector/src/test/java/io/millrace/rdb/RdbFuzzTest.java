package io.millrace.rdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.change.Part;
import io.millrace.change.Value;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.ServerVersion;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Damage to the RDBs of real servers. */
class RdbFuzzTest {

    private static final int ROUNDS = 500;
    private static final RdbLimits SMALL = new RdbLimits(300, 300, true, RdbLimits.DEFAULT.string());

    @ParameterizedTest
    @EnumSource
    void damageNeverPassesAndNeverHangs(ServerVersion version) throws Exception {
        assumeTrue(version.available().isPresent(), version::unavailableMessage);
        byte[] good;
        try (LocalServer server = LocalServer.start(version)) {
            Keyspace.fill(server);
            good = EveryVersionTest.snapshot(server);
        }
        Random random = new Random(version.ordinal());
        assertTimeoutPreemptively(Duration.ofSeconds(180), () -> {
            for (int round = 0; round < ROUNDS; round++) {
                RdbLimits limits = round % 2 == 0 ? RdbLimits.DEFAULT : SMALL;
                mustFail(damaged(good, random), limits);
                mayFail(unchecked(damaged(good, random)), limits);
            }
        });
    }

    /** With its checksum, no damage goes through. */
    private static void mustFail(byte[] bad, RdbLimits limits) throws Exception {
        try {
            RdbReader.read(new ByteArrayInputStream(bad), limits, new Nothing());
            fail("damage passed");
        } catch (RdbFormatException e) {
            assertThat(e.position()).isBetween(0L, (long) bad.length);
            assertThat(e).hasMessageContaining("at byte " + e.position());
        }
    }

    /** With the checksum switched off, damage is read as something else or is an error of the one kind. */
    private static void mayFail(byte[] bad, RdbLimits limits) throws Exception {
        try {
            RdbReader.read(new ByteArrayInputStream(bad), limits, new Nothing());
        } catch (RdbFormatException e) {
            assertThat(e.position()).isBetween(0L, (long) bad.length);
        }
    }

    private static byte[] unchecked(byte[] rdb) {
        byte[] off = rdb.clone();
        Arrays.fill(off, Math.max(0, off.length - 8), off.length, (byte) 0);
        return off;
    }

    private static byte[] damaged(byte[] good, Random random) {
        int at = random.nextInt(good.length);
        byte[] bad;
        switch (random.nextInt(4)) {
            case 0 -> bad = Arrays.copyOf(good, at);
            case 1 -> {
                bad = good.clone();
                bad[at] ^= (byte) (1 << random.nextInt(8));
            }
            case 2 -> {
                bad = new byte[good.length - 1];
                System.arraycopy(good, 0, bad, 0, at);
                System.arraycopy(good, at + 1, bad, at, bad.length - at);
            }
            default -> {
                int more = 1 + random.nextInt(9);
                bad = new byte[good.length + more];
                random.nextBytes(bad);
                System.arraycopy(good, 0, bad, 0, at);
                System.arraycopy(good, at, bad, at + more, good.length - at);
            }
        }
        return bad;
    }

    private static final class Nothing implements RdbVisitor {
        @Override
        public void entry(RdbKey key, byte[] payload) {
            assertThat(payload.length).isPositive();
        }

        @Override
        public void part(RdbKey key, Value value, Part part) {
            assertThat(part.index()).isNotNegative();
        }

        @Override
        public void function(byte[] code) {
            assertThat(code).isNotNull();
        }
    }
}
