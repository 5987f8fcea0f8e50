package io.millrace.sink;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.SinkRecord;

class OffsetLedgerPropertyTest {

    @Property(tries = 300)
    void nothingBeyondAnUnfinishedRecordIsCommitted(
            @ForAll @IntRange(min = 1, max = 50) int records,
            @ForAll @IntRange(min = 1, max = 3) int step,
            @ForAll @IntRange(min = 1, max = 30) int crowded,
            @ForAll long seed) {
        OffsetLedger ledger = new OffsetLedger(crowded);
        TopicPartition partition = new TopicPartition("t", 0);
        List<RecordTicket> tickets = new ArrayList<>();
        for (int i = 0; i < records; i++) {
            RecordTicket ticket =
                    new RecordTicket(new SinkRecord("t", 0, null, null, null, null, 100L + i * step), 1, 1);
            assertThat(ledger.accept(ticket)).isTrue();
            assertThat(ledger.accept(ticket)).isFalse();
            tickets.add(ticket);
        }
        List<RecordTicket> order = new ArrayList<>(tickets);
        Collections.shuffle(order, new Random(seed));
        for (RecordTicket done : order) {
            done.release();
            ledger.advance();
            long first = tickets.stream()
                    .filter(ticket -> !ticket.isDone())
                    .mapToLong(RecordTicket::offset)
                    .findFirst()
                    .orElse(Long.MAX_VALUE);
            long committable = ledger.committable().getOrDefault(partition, 0L);
            assertThat(committable).isLessThanOrEqualTo(first);
            if (first == Long.MAX_VALUE) {
                assertThat(committable).isEqualTo(tickets.get(records - 1).offset() + 1);
            } else {
                assertThat(ledger.resumePoints()).containsEntry(partition, first);
            }
        }
    }
}
