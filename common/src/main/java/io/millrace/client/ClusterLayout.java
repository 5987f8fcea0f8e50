package io.millrace.client;

import io.millrace.endpoint.Address;
import io.millrace.endpoint.InvalidEndpointException;
import io.millrace.slot.HashSlot;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Which master serves which slot, as one node saw it at one time. Immutable.
 *
 * <p>Read from CLUSTER SLOTS, which all versions have and which answers with the TLS port to a TLS client, and from CLUSTER
 * INFO for the epoch.
 */
public final class ClusterLayout {

    private static final int SLOTS = HashSlot.COUNT;

    private final Address[] masterBySlot;
    private final Set<Address> masters;
    private final Map<Address, Set<Address>> replicas;
    private final int knownNodes;
    private final long epoch;
    private final boolean ok;

    private ClusterLayout(
            Address[] masterBySlot, Map<Address, Set<Address>> replicas, int knownNodes, long epoch, boolean ok) {
        this.masterBySlot = masterBySlot;
        this.replicas = replicas;
        this.knownNodes = knownNodes;
        this.epoch = epoch;
        this.ok = ok;
        Set<Address> distinct = new LinkedHashSet<>();
        for (Address master : masterBySlot) {
            if (master != null) {
                distinct.add(master);
            }
        }
        this.masters = Collections.unmodifiableSet(distinct);
    }

    /** Asks one node. */
    public static ClusterLayout of(Node node) {
        byte[] info = (byte[]) node.call("CLUSTER", "INFO");
        return parse((List<?>) node.call("CLUSTER", "SLOTS"), info, node.address());
    }

    /**
     * @param slots the reply of CLUSTER SLOTS: arrays of first slot, last slot, master [host, port, id, ...], replicas...
     * @param info the text of CLUSTER INFO
     * @param asked the node that answered: its host stands in for a host that the server does not know
     */
    static ClusterLayout parse(List<?> slots, byte[] info, Address asked) {
        Address[] masterBySlot = new Address[SLOTS];
        Map<Address, Set<Address>> replicas = new HashMap<>();
        for (Object entry : slots) {
            List<?> range = (List<?>) entry;
            int first = Math.toIntExact((Long) range.get(0));
            int last = Math.toIntExact((Long) range.get(1));
            if (first < 0 || last >= SLOTS || first > last) {
                throw new IllegalStateException(
                        "CLUSTER SLOTS of " + asked + " has the range " + first + "-" + last + ".");
            }
            Address master = address((List<?>) range.get(2), asked);
            Arrays.fill(masterBySlot, first, last + 1, master);
            if (master != null) {
                Set<Address> known = replicas.computeIfAbsent(master, of -> new LinkedHashSet<>());
                for (Object replica : range.subList(3, range.size())) {
                    Address address = replica instanceof List<?> node ? address(node, asked) : null;
                    if (address != null) {
                        known.add(address);
                    }
                }
            }
        }
        ServerInfo fields = ServerInfo.parse(info);
        return new ClusterLayout(
                masterBySlot,
                replicas,
                Math.toIntExact(fields.number("cluster_known_nodes", 0)),
                fields.number("cluster_current_epoch", 0),
                "ok".equals(fields.fields().get("cluster_state")));
    }

    private static Address address(List<?> node, Address asked) {
        byte[] host = (byte[]) node.get(0);
        String name = host == null ? "" : new String(host, StandardCharsets.UTF_8);
        int port = Math.toIntExact((Long) node.get(1));
        try {
            return new Address(name.isEmpty() || name.equals("?") ? asked.host() : name, port);
        } catch (InvalidEndpointException e) {
            return null; // a node that is not known yet: its slots are unserved until the next refresh
        }
    }

    /** The master of a slot, or null while nobody serves it. */
    public Address master(int slot) {
        return masterBySlot[slot];
    }

    /** The masters that serve slots, in the order of their first slot. */
    public Set<Address> masters() {
        return masters;
    }

    /** The replicas of one master, as far as the node that was asked finds them alive. */
    public Set<Address> replicas(Address master) {
        return Collections.unmodifiableSet(replicas.getOrDefault(master, Set.of()));
    }

    /** How many nodes the cluster has, those included that are down or serve nothing. */
    public int knownNodes() {
        return knownNodes;
    }

    /** The slots of one master, ascending. */
    public int[] slotsOf(Address master) {
        int[] slots = new int[SLOTS];
        int count = 0;
        for (int slot = 0; slot < SLOTS; slot++) {
            if (master.equals(masterBySlot[slot])) {
                slots[count++] = slot;
            }
        }
        return Arrays.copyOf(slots, count);
    }

    /** The cluster's current epoch: it grows with every failover and resharding. */
    public long epoch() {
        return epoch;
    }

    /** True when the node reports {@code cluster_state:ok} and every slot has a master. */
    public boolean isComplete() {
        return ok && unservedSlots() == 0;
    }

    public int unservedSlots() {
        int unserved = 0;
        for (Address master : masterBySlot) {
            if (master == null) {
                unserved++;
            }
        }
        return unserved;
    }

    /** The same layout with one slot at another master, as a MOVED reply says. */
    public ClusterLayout withSlot(int slot, Address master) {
        Address[] changed = masterBySlot.clone();
        changed[slot] = Objects.requireNonNull(master, "master");
        return new ClusterLayout(changed, replicas, knownNodes, epoch, ok);
    }

    /** For example {@code 3 masters, 0 of 16384 slots unserved, epoch 6}. */
    @Override
    public String toString() {
        return masters.size() + " masters, " + unservedSlots() + " of " + SLOTS + " slots unserved, epoch " + epoch;
    }

    List<Address> masterList() {
        return new ArrayList<>(masters);
    }
}
