package io.millrace.client;

import io.millrace.endpoint.Address;
import io.millrace.endpoint.InvalidEndpointException;
import io.millrace.slot.HashSlot;
import io.millrace.slot.SlotSet;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The nodes of a cluster as one of them sees them: CLUSTER NODES (cluster.c, clusterGenNodeDescription), one line a node:
 * {@code id host:port@cport[,hostname] flags master ping pong epoch link slot slot ...}. Slots in brackets are on their way
 * and still belong to the master that they are listed under, or to none of it.
 */
public final class ClusterNodes {

    /**
     * One node.
     *
     * @param address null while it is not known
     * @param masterId of a replica, else null
     * @param slots that it serves; none for a replica
     * @param moving slots that it says are on their way, to it or from it, key by key; it says so only of itself
     */
    public record Member(
            String id, Address address, Set<String> flags, String masterId, long epoch, SlotSet slots, SlotSet moving) {

        /** Whether this is the node that was asked. */
        public boolean isMyself() {
            return flags.contains("myself");
        }

        public boolean isMaster() {
            return flags.contains("master");
        }

        /** Whether the cluster agrees that it is gone, or it was never met. */
        public boolean isGone() {
            return flags.contains("fail") || flags.contains("noaddr") || flags.contains("handshake");
        }
    }

    private final List<Member> members;

    private ClusterNodes(List<Member> members) {
        this.members = List.copyOf(members);
    }

    /** Asks a node. */
    public static ClusterNodes of(Node node) {
        return parse((byte[]) node.call("CLUSTER", "NODES"), node.address());
    }

    /**
     * Reads the reply.
     *
     * @param asked its host stands in for a host that the server does not know
     */
    public static ClusterNodes parse(byte[] reply, Address asked) {
        List<Member> members = new ArrayList<>();
        for (String line : new String(reply, StandardCharsets.UTF_8).split("\n")) {
            String[] words = line.strip().split(" ");
            if (words.length >= 8) {
                members.add(member(words, asked));
            }
        }
        return new ClusterNodes(members);
    }

    private static Member member(String[] words, Address asked) {
        BitSet slots = new BitSet(HashSlot.COUNT);
        BitSet moving = new BitSet(HashSlot.COUNT);
        for (int i = 8; i < words.length; i++) {
            if (words[i].startsWith("[")) {
                // [93-<-id] importing, [77->-id] migrating: it belongs to whom it belonged before
                moving.set(Integer.parseInt(words[i].substring(1, words[i].indexOf('-'))));
                continue;
            }
            int hyphen = words[i].indexOf('-');
            int first = Integer.parseInt(hyphen < 0 ? words[i] : words[i].substring(0, hyphen));
            int last = hyphen < 0 ? first : Integer.parseInt(words[i].substring(hyphen + 1));
            slots.set(first, last + 1);
        }
        return new Member(
                words[0],
                address(words[1], asked),
                Set.of(words[2].split(",")),
                words[3].equals("-") ? null : words[3],
                Long.parseLong(words[6]),
                SlotSet.of(slots.stream()),
                SlotSet.of(moving.stream()));
    }

    private static Address address(String text, Address asked) {
        int at = text.indexOf('@');
        String hostAndPort = at < 0 ? text : text.substring(0, at);
        int colon = hostAndPort.lastIndexOf(':');
        try {
            String host = hostAndPort.substring(0, colon);
            int port = Integer.parseInt(hostAndPort.substring(colon + 1));
            return port == 0 ? null : new Address(host.isEmpty() ? asked.host() : host, port);
        } catch (InvalidEndpointException | IndexOutOfBoundsException | NumberFormatException e) {
            return null;
        }
    }

    public List<Member> members() {
        return members;
    }

    /** The node that was asked. */
    public Member myself() {
        return members.stream()
                .filter(Member::isMyself)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("CLUSTER NODES does not name the node that was asked"));
    }

    public Optional<Member> find(String id) {
        return members.stream().filter(member -> member.id().equals(id)).findFirst();
    }

    /** Masters that the cluster does not find gone and whose address is known, those without slots included. */
    public List<Member> masters() {
        return members.stream()
                .filter(member -> member.isMaster() && !member.isGone() && member.address() != null)
                .toList();
    }

    /** Where the replicas of a master are that seem well. */
    public List<Address> replicas(String masterId) {
        return members.stream()
                .filter(member -> masterId.equals(member.masterId())
                        && !member.isGone()
                        && !member.flags().contains("fail?")
                        && member.address() != null)
                .map(Member::address)
                .toList();
    }
}
