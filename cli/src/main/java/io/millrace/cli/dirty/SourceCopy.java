package io.millrace.cli.dirty;

import io.millrace.cli.Failure;
import io.millrace.cli.server.Deployment;
import io.millrace.cli.server.KeyNotation;
import io.millrace.failure.Kind;
import io.millrace.failure.RedisFailureException;
import io.millrace.recopy.DirtyKey;
import io.millrace.recopy.RecopyScript;
import java.nio.charset.StandardCharsets;

/** Has the source put the whole value of a key into its replication stream. */
final class SourceCopy {
    private static final byte[] EVAL = ascii("EVAL");
    private static final byte[] TWO_KEYS = ascii("2");

    private final Deployment source;
    private final byte[] script = RecopyScript.text().getBytes(StandardCharsets.UTF_8);

    SourceCopy(Deployment source) {
        this.source = source;
    }

    /**
     * @return whether the source has the key; where not, its absence is what is copied
     * @throws Failure when the source does not do it, with the reason and the remedy
     */
    boolean copy(DirtyKey key) {
        try {
            Object reply = source.of(key.key(), key.db())
                    .call(EVAL, script, TWO_KEYS, key.key(), RecopyScript.markerKey(key.key()));
            return reply instanceof Long found && found == 1;
        } catch (RedisFailureException e) {
            throw new Failure(sentence(key, e));
        }
    }

    private String sentence(DirtyKey key, RedisFailureException e) {
        String detail = e.failure().detail();
        String reply = detail.endsWith(".") ? detail.substring(0, detail.length() - 1) : detail;
        if (e.kind() == Kind.PERMISSION
                || detail.contains("can't run this command")
                || detail.contains("can't access")) {
            return "The user at the source " + source.side() + " may not copy keys (" + reply
                    + "); allow it with ACL SETUSER <user> ~* +eval +dump +pexpiretime +pttl +time +set +del +select, or give"
                    + " another one with --source-user.";
        }
        String which = "The key " + KeyNotation.of(key.key()) + " in database " + key.db();
        if (detail.contains("maximum allowed size")) {
            return which + " is larger than one command of the source can be (" + reply
                    + "); let the source connector begin a new snapshot instead.";
        }
        if (e.kind() == Kind.READONLY) {
            return "The source " + source.side() + " is a replica; name its master with --source.";
        }
        return which + " could not be copied at the source " + source.side() + ": " + e.getMessage();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
