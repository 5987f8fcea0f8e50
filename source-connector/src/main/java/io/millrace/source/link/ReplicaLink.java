package io.millrace.source.link;

import io.millrace.endpoint.CredentialsException;
import io.millrace.endpoint.Login;
import io.millrace.failure.FailureClassifier;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLException;

/**
 * One connection to a master, as a replica.
 *
 * <pre>{@code
 * try (ReplicaLink link = ReplicaLink.connect(socket, "10.0.0.5:6379", settings, acknowledged)) {
 *     if (link.sync(replId, offset) instanceof SyncStart.FullResync) {
 *         RdbReader.read(link.snapshot(), limits, visitor);
 *     }
 *     RespReader commands = link.commands();
 *     byte[][] argv = commands.next(); // offsets from commands.firstOffset() and lastOffset()
 * }
 * }</pre>
 *
 * <p>The order of the calls is the order of the protocol. One thread reads; {@link #acknowledge()}, {@link #acknowledgedMore()},
 * {@link #asked} and {@link #close()} may be called by any. Between {@code sync} and {@code close} a thread of the link's own sends REPLCONF
 * ACK with the offset that the caller's supplier gives, during the snapshot, too.
 */
public final class ReplicaLink implements AutoCloseable {

    private final Socket socket;
    private final String place;
    private final LinkSettings settings;
    private final LinkInput stream;
    private final WireBuffer wire;
    private final OutputStream out;
    private final Handshake handshake;
    private final LongSupplier acknowledged;
    private final AtomicReference<IOException> writeFailure = new AtomicReference<>();

    private Instant renewal;
    private volatile boolean closed;
    private volatile Acknowledger acknowledger;
    private SyncStart start;
    private SnapshotInput snapshot;
    private RespReader commands;

    private ReplicaLink(Socket socket, String place, LinkSettings settings, LongSupplier acknowledged)
            throws IOException {
        this.socket = socket;
        this.place = place;
        this.settings = settings;
        this.acknowledged = acknowledged;
        this.stream = new LinkInput(socket.getInputStream());
        this.wire = new WireBuffer(stream, WireBuffer.DEFAULT_SIZE);
        this.out = socket.getOutputStream();
        this.handshake = new Handshake(wire, out, place);
    }

    /**
     * Connects, authenticates and introduces itself, up to but without PSYNC; so it serves to check a source, too. A login
     * that is refused because it was changed just now is asked for once more.
     *
     * @param place the address, for messages
     * @param acknowledged the replication offset up to which everything is stored safely; read by the link's own thread
     */
    public static ReplicaLink connect(
            SocketSource source, String place, LinkSettings settings, LongSupplier acknowledged) throws LinkException {
        Login login = login(place, settings);
        try {
            return connect(source, place, settings, login, acknowledged);
        } catch (LinkException.AuthenticationFailed e) {
            Login now = login(place, settings);
            if (now.equals(login)) {
                throw e;
            }
            return connect(source, place, settings, now, acknowledged);
        }
    }

    private static Login login(String place, LinkSettings settings) throws LinkException {
        try {
            return settings.credentials().login();
        } catch (CredentialsException e) {
            throw noCredentials(place, e);
        }
    }

    private static LinkException noCredentials(String place, CredentialsException e) {
        return new LinkException.NoCredentials(
                "There is no login for " + place + ": " + e.getMessage() + ". "
                        + (e.isRetryable() ? "It is asked for again." : "Correct the options under redis.credentials."),
                e.isRetryable());
    }

    private static ReplicaLink connect(
            SocketSource source, String place, LinkSettings settings, Login login, LongSupplier acknowledged)
            throws LinkException {
        Socket socket;
        try {
            socket = source.open();
        } catch (CredentialsException e) {
            throw noCredentials(place, e);
        } catch (IOException e) {
            throw isTlsRefusal(e)
                    ? tlsRefused(place, e)
                    : new LinkException.Unreachable(
                            "No connection to " + place + " (" + reason(e)
                                    + "): check address, port, firewall and TLS settings.",
                            e);
        }
        ReplicaLink link = null;
        try {
            link = new ReplicaLink(socket, place, settings, acknowledged);
            socket.setSoTimeout(Math.toIntExact(settings.handshakeTimeout().toMillis()));
            link.handshake.perform(login, settings, socket.getLocalPort());
            link.renewal = settings.credentials().renewal(login).orElse(null);
            return link;
        } catch (IOException e) {
            closeQuietly(socket);
            throw link == null ? lost(place, e) : link.explain(e);
        } catch (RuntimeException e) {
            closeQuietly(socket);
            throw e;
        }
    }

    /**
     * Asks for the stream: to go on behind {@code offset} of the history {@code replId}, or with a null {@code replId} from
     * a snapshot. A master that cannot go on answers with a full resync; whether that is wanted is the caller's to decide,
     * by closing the link. Waits as long as the master keeps the connection alive.
     */
    public SyncStart sync(String replId, long offset) throws LinkException {
        if (start != null) {
            throw new IllegalStateException("sync was called before");
        }
        try {
            socket.setSoTimeout(Math.toIntExact(settings.silence().toMillis()));
            start = handshake.psync(replId, offset);
            acknowledger = new Acknowledger(
                    out, acknowledged, settings.ackInterval().toNanos(), "millrace-ack-" + place, this::writeFailed);
            acknowledger.start();
            if (closed) {
                close();
            }
            return start;
        } catch (IOException e) {
            throw explain(e);
        }
    }

    /**
     * The RDB of a full resync, to be read to its end; waits for it to begin. Its reads fail with {@link LinkException}.
     */
    public InputStream snapshot() throws LinkException {
        if (!(start instanceof SyncStart.FullResync) || snapshot != null) {
            throw new IllegalStateException("a snapshot follows a full resync, once");
        }
        try {
            snapshot = SnapshotInput.open(wire);
            return snapshot;
        } catch (IOException e) {
            throw explain(e);
        }
    }

    /** Bytes of the snapshot, or -1 when the master does not know them before the end (diskless). */
    public long snapshotBytes() {
        return snapshot.announced();
    }

    /**
     * The commands, from the first on. Its reads fail with {@link LinkException}, also at the end of the connection. GETACK
     * is answered from here; it is delivered, too, like PING, SELECT, MULTI and EXEC, as its bytes count.
     */
    public RespReader commands() {
        requireStream();
        if (commands == null) {
            commands = new RespReader(wire, start.offset(), settings.limits(), this::asked);
            stream.endIsLoss();
            acknowledge();
        }
        return commands;
    }

    /**
     * The bytes of the command stream, in place of {@link #commands()}: to be kept and read later by a {@link RespReader} of
     * the caller's that begins at {@code sync}'s offset. GETACK is then the caller's to pass on to {@link #asked}.
     */
    public InputStream commandBytes() {
        requireStream();
        stream.endIsLoss();
        acknowledge();
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                return wire.pass(target, offset, length);
            }

            @Override
            public int available() {
                return wire.available();
            }
        };
    }

    private void requireStream() {
        if (start == null || (start instanceof SyncStart.FullResync && (snapshot == null || !snapshot.ended()))) {
            throw new IllegalStateException("commands follow PSYNC, and the snapshot to its end");
        }
    }

    /**
     * When this link must be replaced by one with a newer login, because the master ends it otherwise. A replica cannot log in
     * again: a master disconnects one that makes it reply (networking.c, prepareClientToWrite).
     */
    public Optional<Instant> renewal() {
        return Optional.ofNullable(renewal);
    }

    /** Sends the acknowledged offset now. */
    public void acknowledge() {
        Acknowledger running = acknowledger;
        if (running != null) {
            running.now();
        }
    }

    /** What is acknowledged may be more than before: a master that has asked for it is told. Any thread. */
    public void acknowledgedMore() {
        Acknowledger running = acknowledger;
        if (running != null) {
            running.moved();
        }
    }

    /** The master asked with REPLCONF GETACK at this offset: it is answered at once, and again when the offset is reached. */
    public void asked(long offset) {
        Acknowledger running = acknowledger;
        if (running != null) {
            running.asked(offset);
        }
    }

    /** Ends the link; a read that waits ends with {@link LinkException.Lost}. */
    @Override
    public void close() {
        closed = true;
        Acknowledger running = acknowledger;
        if (running != null) {
            running.close();
        }
        closeQuietly(socket);
    }

    private void writeFailed(IOException e) {
        if (!closed) {
            writeFailure.compareAndSet(null, e);
            closeQuietly(socket);
        }
    }

    private LinkException explain(IOException e) {
        if (e instanceof LinkException known) {
            return known;
        }
        if (closed) {
            return new LinkException.Lost("The link to " + place + " was closed here.", e);
        }
        IOException write = writeFailure.get();
        if (write != null) {
            return new LinkException.Lost(
                    place + " took no more acknowledgements (" + reason(write) + "): connect again.", write);
        }
        if (e instanceof SocketTimeoutException) {
            long millis = (start == null ? settings.handshakeTimeout() : settings.silence()).toMillis();
            return new LinkException.Lost(
                    place + " sent nothing for " + millis
                            + " ms: check the network and whether it hangs, and connect again.",
                    e);
        }
        // With TLS 1.3 a server refuses a client's certificate only after the handshake (RFC 8446, section 4.4.2.4).
        return start == null && isTlsRefusal(e) ? tlsRefused(place, e) : lost(place, e);
    }

    /** A cut connection during the handshake is none: the server may be restarting. */
    private static boolean isTlsRefusal(IOException e) {
        Throwable cause = e.getCause();
        return e instanceof SSLException && !(cause instanceof EOFException || cause instanceof SocketException);
    }

    private static LinkException tlsRefused(String place, IOException e) {
        return new LinkException.TlsRefused(
                "No TLS with " + place + ": " + FailureClassifier.of(e).sentence(), e);
    }

    private static LinkException lost(String place, IOException e) {
        return new LinkException.Lost("The connection to " + place + " broke (" + reason(e) + "): connect again.", e);
    }

    private static String reason(IOException e) {
        return e.getMessage() == null
                ? e.getClass().getSimpleName()
                : e.getClass().getSimpleName() + ": " + e.getMessage();
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // The connection is given up in any case, and nothing was written that could still be lost.
            return;
        }
    }

    /** Turns what goes wrong in the socket into {@link LinkException}, for whoever reads. */
    private final class LinkInput extends InputStream {

        private final InputStream in;
        private boolean endIsLoss;

        LinkInput(InputStream in) {
            this.in = in;
        }

        void endIsLoss() {
            endIsLoss = true;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int count;
            try {
                count = in.read(target, offset, length);
            } catch (IOException e) {
                throw explain(e);
            }
            if (count < 0 && closed) {
                throw new LinkException.Lost("The link to " + place + " was closed here.", null);
            }
            if (count < 0 && endIsLoss) {
                throw new LinkException.Lost(
                        place + " closed the connection (shut down, a failover, or client-output-buffer-limit replica):"
                                + " connect again and continue.",
                        null);
            }
            return count;
        }
    }
}
