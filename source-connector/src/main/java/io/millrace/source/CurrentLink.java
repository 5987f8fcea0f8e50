package io.millrace.source;

import io.millrace.endpoint.Address;
import io.millrace.endpoint.SocketOpener;
import io.millrace.source.link.LinkSettings;
import io.millrace.source.link.ReplicaLink;
import java.io.IOException;
import java.time.Instant;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The link of a reader, and where it goes. The reader's thread opens it; what is said to be so may come from any thread. */
final class CurrentLink {

    private static final Logger log = LoggerFactory.getLogger(CurrentLink.class);

    private final MasterFinder finder;
    private final SocketOpener sockets;
    private final LinkSettings settings;
    private final SourceInquiry inquiry;
    private final LongSupplier acknowledged;

    /** Where the last attempt went, or the one that is on. */
    private volatile Address address;

    private volatile ReplicaLink link;

    /** When the stream's login runs out; MIN when the link was ended for it; null without a stream. */
    private volatile Instant renewal;

    /**
     * @param finder asked before each attempt; the inquiry then asks the same server
     * @param acknowledged what the source may hear of
     */
    CurrentLink(
            MasterFinder finder,
            SocketOpener sockets,
            LinkSettings settings,
            SourceInquiry inquiry,
            LongSupplier acknowledged) {
        this.finder = finder;
        this.sockets = sockets;
        this.settings = settings;
        this.inquiry = inquiry;
        this.acknowledged = acknowledged;
    }

    /**
     * Connects to where the source is now; the caller closes the link.
     *
     * @param announced the address to announce, or null
     */
    ReplicaLink open(String announced) throws IOException {
        Address found = finder.find();
        address = found;
        inquiry.at(found);
        ReplicaLink opened = ReplicaLink.connect(
                () -> sockets.open(found),
                found.toString(),
                announced == null ? settings : settings.withAnnounced(announced, 0),
                acknowledged::getAsLong);
        link = opened;
        return opened;
    }

    /** The command stream is read from now on. */
    void streams() {
        renewal = link.renewal().orElse(Instant.MAX);
    }

    /** There is no link any more. */
    void ended() {
        link = null;
        renewal = null;
    }

    boolean wasEndedForItsLogin() {
        return Instant.MIN.equals(renewal);
    }

    /** Where the last attempt went; null before the first. */
    Address address() {
        return address;
    }

    /** The last attempt came to nothing: another server may be asked first. */
    void failed() {
        if (address != null) {
            finder.failed(address);
        }
    }

    boolean hasAnother() {
        return finder.hasAnother(address);
    }

    /** Leaves a server that is not the one to read from any more, for the one that is. Any thread. */
    void checkPlace() {
        ReplicaLink current = link;
        Address at = address;
        if (current != null && at != null && !finder.isStillRight(at)) {
            log.info("{} is not the server to read from any more.", at);
            current.close();
        }
    }

    /** Ends the link where its login runs out soon, while that only means to continue. Any thread. */
    void keepLoggedIn(Instant now) {
        ReplicaLink current = link;
        Instant due = renewal;
        if (current != null && due != null && now.isAfter(due) && !due.equals(Instant.MIN)) {
            renewal = Instant.MIN;
            current.close();
        }
    }

    /** Kafka has acknowledged more. Any thread. */
    void acknowledgedMore() {
        ReplicaLink current = link;
        if (current != null) {
            current.acknowledgedMore();
        }
    }

    /** Any thread. */
    void close() {
        ReplicaLink current = link;
        if (current != null) {
            current.close();
        }
    }
}
