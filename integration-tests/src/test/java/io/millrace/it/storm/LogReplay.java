package io.millrace.it.storm;

import io.millrace.change.Change;
import io.millrace.change.CommandChange;
import io.millrace.change.Expiry;
import io.millrace.change.Mark;
import io.millrace.change.SnapshotEntry;
import io.millrace.change.Value;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.RespClient.ErrorReply;
import io.millrace.redis.local.ServerVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The log applied to an empty server in the plainest way: one change after the other, what the source sent twice left out.
 * Where the result equals the source, the log is right, and a difference at the destination is the sink's.
 */
final class LogReplay implements AutoCloseable {

    private final LocalServer server;
    private final RespClient client;
    private final List<String> oddities = new ArrayList<>();
    private final Set<String> lastUnit = new HashSet<>();
    private int generation;
    private long offset;
    private int db;

    private LogReplay(LocalServer server) {
        this.server = server;
        this.client = server.connect();
    }

    static LogReplay of(KafkaLog log) {
        LogReplay replay = new LogReplay(LocalServer.start(ServerVersion.standard()));
        log.read(0, (record, index, change) -> replay.pass(record.offset(), change));
        return replay;
    }

    LocalServer server() {
        return server;
    }

    /** What was refused, or was not to be expected in a log. */
    List<String> oddities() {
        return oddities;
    }

    private void pass(long recordOffset, Change change) {
        try {
            if (change.origin().generation() < generation) {
                oddities.add("record " + recordOffset + " belongs to generation "
                        + change.origin().generation() + ", after " + generation + " has begun");
                return;
            }
            if (change instanceof Mark mark) {
                if (mark.meaning() == Mark.Meaning.SNAPSHOT_BEGIN) {
                    begin(mark);
                }
            } else if (change instanceof SnapshotEntry entry) {
                restore(recordOffset, entry);
            } else if (change instanceof CommandChange command && !isRepeated(command)) {
                select(command.db());
                call(recordOffset, words(command));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void begin(Mark mark) throws IOException {
        generation = mark.origin().generation();
        offset = 0;
        lastUnit.clear();
        client.call("FLUSHALL");
    }

    /** Changes of one command or transaction share offsets or follow one another; what lies before was sent again. */
    private boolean isRepeated(CommandChange change) {
        if (change.offset() > offset) {
            lastUnit.clear();
            offset = change.offset();
        }
        String identity =
                (change.transaction() == null ? "" : change.transaction().index()) + KeyHistory.text(change.command());
        return change.offset() < offset || !lastUnit.add(identity);
    }

    private static Object[] words(CommandChange change) {
        byte[][] args = change.command().args();
        Object[] words = new Object[args.length + 1];
        words[0] = change.command().name();
        System.arraycopy(args, 0, words, 1, args.length);
        return words;
    }

    private void restore(long recordOffset, SnapshotEntry entry) throws IOException {
        select(entry.db());
        if (entry.payload() != null) {
            long expiry = Math.max(0, entry.expireAt());
            call(recordOffset, "RESTORE", entry.key(), expiry, entry.payload(), "REPLACE", "ABSTTL");
        } else if (entry.value() instanceof Value.StringValue string) {
            boolean first = entry.part() == null || entry.part().index() == 0;
            call(recordOffset, first ? "SET" : "APPEND", entry.key(), string.bytes());
            if (entry.expireAt() != Expiry.NONE) {
                call(recordOffset, "PEXPIREAT", entry.key(), entry.expireAt());
            }
        } else {
            oddities.add("record " + recordOffset + " has a " + entry.type() + " in parts, which is left out here");
        }
    }

    private void select(int wanted) throws IOException {
        if (wanted != db) {
            client.call("SELECT", wanted);
            db = wanted;
        }
    }

    private void call(long recordOffset, Object... command) throws IOException {
        client.send(command);
        if (client.receive() instanceof ErrorReply error) {
            oddities.add("record " + recordOffset + ": " + command[0] + " was answered with " + error.message());
        }
    }

    @Override
    public void close() throws IOException {
        client.close();
        server.close();
    }
}
