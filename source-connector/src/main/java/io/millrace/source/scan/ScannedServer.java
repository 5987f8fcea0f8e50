package io.millrace.source.scan;

import io.millrace.change.Position;
import io.millrace.client.Node;
import io.millrace.client.ServerInfo;
import io.millrace.failure.Kind;
import io.millrace.failure.RedisFailure;
import io.millrace.failure.RedisFailureException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to a server, or to a proxy before some, that is copied by SCAN. What is not permitted beside SCAN and the
 * reads themselves is done without. One thread, but for {@link #close}.
 */
public final class ScannedServer implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ScannedServer.class);

    private static final int ID_LENGTH = 40;

    /** As many as Redis has by default; a server with more says so in INFO. */
    private static final int DATABASES = 16;

    private static final int PAGE_KEYS = 1000;

    private final Node node;
    private final ServerInfo info;
    private int selected;

    /** One page of SCAN. */
    record Page(List<byte[]> keys, long next) {}

    /** Asks the server who it is. */
    public ScannedServer(Node node) {
        this.node = node;
        this.info = info(node);
    }

    private static ServerInfo info(Node node) {
        try {
            return ServerInfo.of(node);
        } catch (RedisFailureException e) {
            if (isDenied(e.kind())) {
                log.info("The server does not say who it is: {}", e.getMessage());
                return null;
            }
            throw e;
        }
    }

    static boolean isDenied(Kind kind) {
        return kind == Kind.PERMISSION || kind == Kind.UNKNOWN_COMMAND || kind == Kind.OTHER || kind == Kind.SYNTAX;
    }

    Node node() {
        return node;
    }

    /**
     * Names the process whose cursors these are, in the form of a replication id; the same for all processes that do not say
     * who they are.
     */
    public String id() {
        String run = info == null ? "" : info.runId();
        StringBuilder id = new StringBuilder(Position.SCAN);
        for (int i = 0; i < ID_LENGTH - Position.SCAN.length(); i++) {
            char c = i < run.length() ? run.charAt(i) : '0';
            id.append((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ? c : '0');
        }
        return id.toString();
    }

    /** Whether the version is known to have what came with these versions of Redis and Valkey. */
    boolean hasAtLeast(int redisMajor, int redisMinor, int valkeyMajor) {
        return info != null
                && (info.version().valkey()
                        ? info.version().isAtLeast(valkeyMajor, 0)
                        : info.version().isAtLeast(redisMajor, redisMinor));
    }

    /** What the mark at the begin says of the server. */
    public Map<String, String> details() {
        return info == null ? Map.of() : Map.of("sourceServer", info.version().toString());
    }

    /** The databases with keys and how many, or those that can be selected, each with -1. */
    public SortedMap<Integer, Long> databases() {
        SortedMap<Integer, Long> databases = new TreeMap<>();
        SortedMap<Integer, Long> unknown = new TreeMap<>();
        if (info != null) {
            info.fields().forEach((field, value) -> {
                if (field.startsWith("db") && value.startsWith("keys=")) {
                    int comma = value.indexOf(',');
                    databases.put(
                            Integer.parseInt(field.substring(2)),
                            Long.parseLong(value.substring("keys=".length(), comma < 0 ? value.length() : comma)));
                }
            });
        }
        // A proxy may answer INFO without the part about keys.
        for (int db = 0; databases.isEmpty() && db < DATABASES; db++) {
            if (!isThere(db)) {
                break;
            }
            unknown.put(db, -1L);
        }
        databases.putAll(unknown);
        databases.putIfAbsent(0, -1L);
        return databases;
    }

    private boolean isThere(int db) {
        try {
            select(db);
            return true;
        } catch (RedisFailureException e) {
            if (isDenied(e.kind())) {
                return false;
            }
            throw e;
        }
    }

    void select(int db) {
        if (selected != db) {
            node.call("SELECT", Integer.toString(db));
            selected = db;
        }
    }

    Page page(ScanPlace place) {
        select(place.db());
        List<?> reply = (List<?>)
                node.call(ascii("SCAN"), ascii(place.cursorText()), ascii("COUNT"), ascii(Integer.toString(PAGE_KEYS)));
        List<byte[]> keys = new ArrayList<>();
        for (Object key : (List<?>) reply.get(1)) {
            keys.add((byte[]) key);
        }
        return new Page(keys, Long.parseUnsignedLong(new String((byte[]) reply.get(0), StandardCharsets.US_ASCII)));
    }

    /** The code of the function libraries; none where there are none, or they may not be read. */
    public List<byte[]> functions() {
        List<byte[]> codes = new ArrayList<>();
        if (!hasAtLeast(7, 0, 7)) {
            return codes;
        }
        try {
            for (Object library : (List<?>) node.call("FUNCTION", "LIST", "WITHCODE")) {
                List<?> fields = (List<?>) library;
                for (int i = 0; i + 1 < fields.size(); i += 2) {
                    if (text(fields.get(i)).equals("library_code")) {
                        codes.add((byte[]) fields.get(i + 1));
                    }
                }
            }
        } catch (RedisFailureException e) {
            if (!isDenied(e.kind())) {
                throw e;
            }
            log.warn("Function libraries are not copied. {}", e.getMessage());
        }
        return codes;
    }

    /** Sends all and reads all replies; an error is an element of the result. */
    List<Object> exchange(List<byte[][]> commands) {
        return node.exchange(commands);
    }

    /** The kind of an error among the replies; null for a reply that is none. */
    static Kind errorKind(Object reply) {
        return reply instanceof RedisFailure failure ? failure.kind() : null;
    }

    RedisFailureException failure(String what, Object reply) {
        return new RedisFailureException(node.address() + " (" + what + ")", (RedisFailure) reply, null);
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    static String text(Object reply) {
        return reply instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : String.valueOf(reply);
    }

    /** Ends the connection, also under the thread that waits for a reply. Any thread. */
    @Override
    public void close() {
        node.abort();
    }
}
