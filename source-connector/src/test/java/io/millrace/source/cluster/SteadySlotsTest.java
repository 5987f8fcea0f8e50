package io.millrace.source.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.endpoint.Address;
import io.millrace.slot.SlotSet;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Only what a master had without a break counts as scanned. */
class SteadySlotsTest {

    private static final SlotSet OWN = SlotSet.range(0, 99);
    private static final SlotSet FEW = SlotSet.range(10, 19);

    private static Sighting seen(String master, SlotSet slots, SlotSet moving, long epoch) {
        return new Sighting(
                "shard", master, new Address("127.0.0.1", 1), slots, moving, epoch, "history", 1, Map.of(), 5);
    }

    private static Sighting seen(SlotSet slots, long epoch) {
        return seen("master", slots, SlotSet.NONE, epoch);
    }

    @Test
    void slotsThatGoOrAreOnTheirWayAreNotSteady() {
        SteadySlots steady = new SteadySlots(seen("master", OWN, SlotSet.of(0), 1), SlotSet.range(0, 50));
        assertThat(steady.slots()).isEqualTo(SlotSet.range(1, 50));
        steady.saw(seen(OWN.minus(FEW), 1));
        steady.saw(seen("master", OWN.minus(FEW), SlotSet.of(50), 1));
        steady.left(49);
        assertThat(steady.slots()).isEqualTo(SlotSet.range(1, 48).minus(FEW));
        assertThat(steady.round()).isEqualTo(5);
    }

    @Test
    void slotsThatComeBackDoNotCount() {
        SteadySlots steady = new SteadySlots(seen(OWN, 1), OWN);
        steady.saw(seen(OWN.minus(FEW), 1));
        steady.saw(seen(OWN, 3));
        assertThat(steady.slots()).isEqualTo(OWN.minus(FEW));
    }

    /** The epoch tells of slots that were away between two looks, unless it was for others that it grew. */
    @Test
    void anEpochWithoutAReasonLeavesNothing() {
        SteadySlots gained = new SteadySlots(seen(OWN, 1), OWN);
        gained.saw(seen(OWN.union(SlotSet.of(200)), 3));
        assertThat(gained.slots()).isEqualTo(OWN);
        gained.saw(seen(OWN.union(SlotSet.of(200)), 4));
        assertThat(gained.slots()).isEqualTo(SlotSet.NONE);
    }

    @Test
    void anotherMasterIsAnother() {
        SteadySlots steady = new SteadySlots(seen(OWN, 1), OWN);
        steady.saw(seen("heir", OWN, SlotSet.NONE, 1));
        assertThat(steady.slots()).isEqualTo(SlotSet.NONE);
    }
}
