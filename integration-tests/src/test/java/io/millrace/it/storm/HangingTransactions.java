package io.millrace.it.storm;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.common.TopicPartition;

/**
 * Transactions that a partition holds open and that no coordinator knows any more: whoever reads committed records of that
 * partition waits for ever. What {@code kafka-transactions.sh find-hanging} looks for, on a broker at rest.
 */
final class HangingTransactions {

    private final Admin admin;

    HangingTransactions(Admin admin) {
        this.admin = admin;
    }

    /** All that are open, each in one sentence that says whether its coordinator knows it. */
    List<String> describe() throws InterruptedException {
        try {
            Map<Long, TransactionDescription> known = known();
            List<String> lines = new ArrayList<>();
            for (Map.Entry<TopicPartition, List<ProducerState>> partition : producers()) {
                for (ProducerState producer : partition.getValue()) {
                    if (producer.currentTransactionStartOffset().isPresent()) {
                        lines.add(describe(partition.getKey(), producer, known.get(producer.producerId())));
                    }
                }
            }
            return lines;
        } catch (ExecutionException e) {
            return List.of("The open transactions of Kafka cannot be listed: " + e.getCause());
        }
    }

    private static String describe(TopicPartition partition, ProducerState producer, TransactionDescription known) {
        String coordinator = known == null
                ? "unknown to every coordinator"
                : known.topicPartitions().contains(partition)
                        ? "known to its coordinator: " + known
                        : "of a producer whose coordinator does not count this partition: " + known;
        return partition + " is held at offset "
                + producer.currentTransactionStartOffset().getAsLong() + " by a transaction " + coordinator + "; "
                + producer;
    }

    private Collection<Map.Entry<TopicPartition, List<ProducerState>>> producers()
            throws ExecutionException, InterruptedException {
        Set<String> topics = admin.listTopics().names().get();
        List<TopicPartition> partitions = new ArrayList<>();
        admin.describeTopics(topics)
                .allTopicNames()
                .get()
                .forEach((topic, description) -> description
                        .partitions()
                        .forEach(partition -> partitions.add(new TopicPartition(topic, partition.partition()))));
        Map<TopicPartition, List<ProducerState>> producers = new HashMap<>();
        admin.describeProducers(partitions)
                .all()
                .get()
                .forEach((partition, state) -> producers.put(partition, state.activeProducers()));
        return producers.entrySet();
    }

    private Map<Long, TransactionDescription> known() throws ExecutionException, InterruptedException {
        List<String> ids = admin.listTransactions().all().get().stream()
                .map(TransactionListing::transactionalId)
                .toList();
        Map<Long, TransactionDescription> known = new HashMap<>();
        admin.describeTransactions(ids).all().get().values().forEach(one -> known.put(one.producerId(), one));
        return known;
    }
}
