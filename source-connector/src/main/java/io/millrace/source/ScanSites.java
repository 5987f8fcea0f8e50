package io.millrace.source;

import io.millrace.change.Holdings;
import io.millrace.client.Node;
import io.millrace.endpoint.Address;
import io.millrace.slot.SlotSet;
import io.millrace.source.scan.KeyScope;
import java.io.IOException;
import java.util.SortedMap;
import java.util.TreeMap;

/** Where a scan has to read, one server after the other. Owned by the reading thread. */
interface ScanSites {

    /**
     * One server to be read from its first key to its last.
     *
     * @param scope the keys that are wanted of it
     * @param home whether it is the scan's own server, in which its place is stored
     */
    record Site(Address address, KeyScope scope, boolean home) {}

    /**
     * The server to read now; the same again when the attempt before did not come to its end.
     *
     * @throws IOException when nobody can say; another attempt may help where a LinkException says so
     */
    Site next() throws IOException, InterruptedException;

    /** The connection is open and was not used yet. */
    default void opened(Node node) throws IOException, InterruptedException {}

    /** The attempt at this address has failed. */
    default void failed(Address address) {}

    /** The site was read to its end. Whether that was all. */
    boolean read(Site site) throws IOException, InterruptedException;

    /** The scan begins at its first key, whatever was before. */
    default void begins() {}

    /** What is stored with a place; null where the source is no cluster. */
    default Holdings holdings() {
        return null;
    }

    /** The slots of the scan by the epoch in which they are to be claimed; none where the source is no cluster. */
    default SortedMap<Long, SlotSet> claims() {
        return new TreeMap<>();
    }

    /** A single server, or what stands for one. */
    static ScanSites of(MasterFinder finder) {
        return new ScanSites() {
            @Override
            public Site next() throws IOException {
                return new Site(finder.find(), KeyScope.ALL, true);
            }

            @Override
            public void failed(Address address) {
                finder.failed(address);
            }

            @Override
            public boolean read(Site site) {
                return true;
            }
        };
    }
}
