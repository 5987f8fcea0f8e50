package io.millrace.source.scan;

import static io.millrace.source.scan.ScannedServer.ascii;

import io.millrace.failure.Kind;
import io.millrace.source.assemble.ScanAssembler;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the keys of a page: by DUMP, or by the reads of their types where DUMP is not permitted or the value is so large
 * that the server had to build its payload at once. One thread.
 */
public final class KeyReader {

    private static final Logger log = LoggerFactory.getLogger(KeyReader.class);

    /** Memory of the values that are asked for at once, as far as the server tells. */
    private static final long BATCH_BYTES = 8L << 20;

    private static final int BATCH_KEYS = 250;
    private static final int BATCH_KEYS_OF_UNKNOWN_SIZE = 50;

    /** Above this a value is read in pieces. */
    private static final long LARGE_BYTES = 32L << 20;

    private static final long UNKNOWN = -1;
    private static final byte[] DUMP = ascii("DUMP");
    private static final byte[] MEMORY = ascii("MEMORY");
    private static final byte[] USAGE = ascii("USAGE");

    private final ScannedServer server;
    private final ScanAssembler out;
    private final TypedReader typed;
    private final Expiries expiries;
    private final KeyScope scope;
    private boolean mayDump = true;
    private boolean maySize = true;

    private record Sized(byte[] key, long bytes) {}

    /** @param partBytes bytes of one part of a value that is read in pieces, about */
    public KeyReader(ScannedServer server, ScanAssembler out, int partBytes, KeyScope scope) {
        this.server = server;
        this.out = out;
        this.scope = scope;
        this.expiries = new Expiries(server, scope);
        this.typed = new TypedReader(server, out, partBytes, scope);
    }

    /**
     * Reads the page at this place.
     *
     * @return the place behind it; with cursor 0 when the database is done
     * @throws io.millrace.failure.RedisFailureException when the server is lost or refuses
     */
    public ScanPlace page(ScanPlace place) throws IOException, InterruptedException {
        ScannedServer.Page page = server.page(place);
        List<byte[]> keys = new ArrayList<>(page.keys());
        keys.removeIf(key -> ScanAssembler.isReserved(key) || !scope.wants(key));
        List<byte[]> batch = new ArrayList<>();
        long bytes = 0;
        for (Sized sized : sizes(keys)) {
            if (sized.bytes() > LARGE_BYTES && typed.canRead(place.db(), sized.key())) {
                typed.read(place.db(), List.of(sized.key()), expiries.of(List.of(sized.key())));
                continue;
            }
            int most = sized.bytes() == UNKNOWN ? BATCH_KEYS_OF_UNKNOWN_SIZE : BATCH_KEYS;
            if (!batch.isEmpty() && (batch.size() >= most || bytes + sized.bytes() > BATCH_BYTES)) {
                read(place.db(), batch);
                batch = new ArrayList<>();
                bytes = 0;
            }
            batch.add(sized.key());
            bytes += sized.bytes();
        }
        read(place.db(), batch);
        return new ScanPlace(place.db(), page.next());
    }

    private List<Sized> sizes(List<byte[]> keys) {
        List<Object> replies = List.of();
        if (maySize && mayDump) {
            replies = server.exchange(
                    keys.stream().map(key -> new byte[][] {MEMORY, USAGE, key}).toList());
        }
        List<Sized> sizes = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            Object reply = i < replies.size() ? replies.get(i) : null;
            Kind error = ScannedServer.errorKind(reply);
            if (error != null && !scope.isElsewhere(error, keys.get(i))) {
                maySize = false;
            }
            sizes.add(new Sized(keys.get(i), reply instanceof Long bytes ? bytes : UNKNOWN));
        }
        return sizes;
    }

    private void read(int db, List<byte[]> keys) throws IOException, InterruptedException {
        if (keys.isEmpty()) {
            return;
        }
        List<Object> payloads = List.of();
        if (mayDump) {
            payloads = server.exchange(
                    keys.stream().map(key -> new byte[][] {DUMP, key}).toList());
            Kind first = ScannedServer.errorKind(payloads.get(0));
            if (first != null && ScannedServer.isDenied(first)) {
                mayDump = false;
                log.info(
                        "DUMP is not permitted ({}): values are read by the commands of their types.",
                        server.failure("DUMP", payloads.get(0)).failure().detail());
            }
        }
        // After the values: a key that is gone by now is none, whatever it was before.
        long[] expireAt = expiries.of(keys);
        if (!mayDump) {
            typed.read(db, keys, expireAt);
            return;
        }
        for (int i = 0; i < keys.size(); i++) {
            Object payload = payloads.get(i);
            Kind error = ScannedServer.errorKind(payload);
            if (error != null && scope.isElsewhere(error, keys.get(i))) {
                continue;
            }
            if (error != null) {
                throw server.failure("DUMP", payload);
            }
            if (payload instanceof byte[] bytes && expireAt[i] != Expiries.GONE) {
                out.dumped(db, keys.get(i), expireAt[i], bytes);
            }
        }
    }
}
