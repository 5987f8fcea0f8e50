package io.millrace.it.storm;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.AbortTransactionSpec;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.common.TopicPartition;

/**
 * Transactions that a partition holds open and that their coordinator has forgotten: whoever reads committed records of that
 * partition waits for ever. Kafka 4.3 leaves some behind when its only broker is killed (KAFKA-20734). They are found and
 * ended as an operator would with {@code kafka-transactions.sh}.
 */
final class HangingTransactions {

    private static final long SECONDS = 5;

    private final Admin admin;

    HangingTransactions(Admin admin) {
        this.admin = admin;
    }

    /** One that is open. */
    record Open(TopicPartition partition, ProducerState producer, TransactionDescription known) {

        /** What tells it from others, later ones of the same producer included. */
        String id() {
            return partition + " from offset "
                    + producer.currentTransactionStartOffset().getAsLong() + ", producer " + producer.producerId()
                    + " of epoch " + producer.producerEpoch();
        }

        boolean isForgotten() {
            return known == null || !known.topicPartitions().contains(partition);
        }

        @Override
        public String toString() {
            return id()
                    + (isForgotten() ? ", which its coordinator has forgotten: " : ", known to its coordinator: ")
                    + known;
        }
    }

    /** All that are open; none while Kafka does not answer. One that ends just now may seem to be forgotten. */
    List<Open> open() throws InterruptedException {
        try {
            Map<TopicPartition, List<ProducerState>> producers = producers();
            Map<Long, TransactionDescription> known = known();
            List<Open> open = new ArrayList<>();
            producers.forEach((partition, states) -> {
                for (ProducerState producer : states) {
                    if (producer.currentTransactionStartOffset().isPresent()) {
                        open.add(new Open(partition, producer, known.get(producer.producerId())));
                    }
                }
            });
            return open;
        } catch (ExecutionException | TimeoutException notNow) {
            return List.of();
        }
    }

    /** Ends one; false when Kafka does not let it now. */
    boolean abort(Open one) throws InterruptedException {
        try {
            admin.abortTransaction(new AbortTransactionSpec(
                            one.partition(),
                            one.producer().producerId(),
                            (short) one.producer().producerEpoch(),
                            Math.max(0, one.producer().coordinatorEpoch().orElse(0))))
                    .all()
                    .get(SECONDS, TimeUnit.SECONDS);
            return true;
        } catch (ExecutionException | TimeoutException notNow) {
            return false;
        }
    }

    private Map<TopicPartition, List<ProducerState>> producers()
            throws ExecutionException, InterruptedException, TimeoutException {
        Set<String> topics = admin.listTopics().names().get(SECONDS, TimeUnit.SECONDS);
        Set<TopicPartition> partitions = new HashSet<>();
        admin.describeTopics(topics)
                .allTopicNames()
                .get(SECONDS, TimeUnit.SECONDS)
                .forEach((topic, description) -> description
                        .partitions()
                        .forEach(partition -> partitions.add(new TopicPartition(topic, partition.partition()))));
        Map<TopicPartition, List<ProducerState>> producers = new HashMap<>();
        admin.describeProducers(partitions)
                .all()
                .get(SECONDS, TimeUnit.SECONDS)
                .forEach((partition, state) -> producers.put(partition, state.activeProducers()));
        return producers;
    }

    private Map<Long, TransactionDescription> known()
            throws ExecutionException, InterruptedException, TimeoutException {
        List<String> ids = admin.listTransactions().all().get(SECONDS, TimeUnit.SECONDS).stream()
                .map(TransactionListing::transactionalId)
                .toList();
        Map<Long, TransactionDescription> known = new HashMap<>();
        admin.describeTransactions(ids)
                .all()
                .get(SECONDS, TimeUnit.SECONDS)
                .values()
                .forEach(one -> known.put(one.producerId(), one));
        return known;
    }
}
