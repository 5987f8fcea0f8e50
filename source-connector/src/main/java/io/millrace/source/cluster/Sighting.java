package io.millrace.source.cluster;

import io.millrace.endpoint.Address;
import io.millrace.slot.SlotSet;
import java.util.Map;

/**
 * What a shard's master said of itself, last.
 *
 * @param shard the shard's name
 * @param masterId the master's node id
 * @param slots that it serves, by its own word
 * @param moving slots of which it says that they are on their way, to it or from it, key by key
 * @param epoch its configuration epoch: whoever takes a slot over has a greater one than any owner before
 * @param replicationId its history
 * @param offset its replication offset, read after the slots
 * @param acknowledged offsets that replicas have acknowledged, by the address that they announced
 * @param round in which it was seen
 */
public record Sighting(
        String shard,
        String masterId,
        Address address,
        SlotSet slots,
        SlotSet moving,
        long epoch,
        String replicationId,
        long offset,
        Map<String, Long> acknowledged,
        long round) {}
