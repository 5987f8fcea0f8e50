package io.millrace.source;

import io.millrace.source.config.TopicCheck;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.source.SourceRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that the task's thread does not come back, because Connect's producer waits for a partition that the topic does not
 * have: it would do so for ever and say nothing, as Connect lets it. Runs on a thread of its own; the rest may be called by
 * any.
 *
 * <p>Kafka that cannot be reached looks alike from here, and is to be waited for. What tells the two apart is that Kafka has
 * taken everything before that record, and never anything of its partition. Then the wait is ended, which fails the task.
 */
final class PartitionWait implements Runnable, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(PartitionWait.class);

    private static final long LOOK_MILLIS = 5_000;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long TELL_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final String PRODUCER = "org.apache.kafka.clients.producer.KafkaProducer";
    private static final String WAITING = "waitOnMetadata";

    private final String topic;
    private final int wanted;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final BitSet taken = new BitSet();

    /** What Connect was given last; empty while its thread is here. */
    private List<SourceRecord> given = List.of();

    private Thread thread;

    /** Records that Connect was given and Kafka has not taken. */
    private long outstanding;

    /** Since when nothing has moved. */
    private long still;

    private long told;
    private String failure;

    /** @param wanted how many partitions the records are spread over */
    PartitionWait(String topic, int wanted) {
        this.topic = topic;
        this.wanted = wanted;
    }

    /** The task's thread has come back. Returns why the task is to fail, or null. */
    synchronized String cameBack() {
        given = List.of();
        if (failure != null) {
            Thread.interrupted(); // it was meant for the wait
        }
        return failure;
    }

    /** The task's thread goes, with these. */
    synchronized void gave(List<SourceRecord> records) {
        if (records != null) {
            given = records;
            thread = Thread.currentThread();
            outstanding += records.size();
            still = System.nanoTime();
        }
    }

    /** Kafka has taken a record. */
    synchronized void took(SourceRecord record) {
        outstanding--;
        still = System.nanoTime();
        taken.set(record.kafkaPartition());
    }

    @Override
    public void run() {
        try {
            while (!stop.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void look() {
        long now = System.nanoTime();
        if (failure != null || given.isEmpty() || now - still < PATIENCE_NANOS || !isWaiting(thread)) {
            return;
        }
        // Records are sent in their order, so that the one that is waited with is the first that was not taken.
        long sent = given.size() - outstanding;
        int partition = given.get((int) Math.max(0, sent)).kafkaPartition();
        if (sent >= 0 && !taken.isEmpty() && !taken.get(partition)) {
            failure = "Kafka has taken records of other partitions of topic " + topic + " and none of partition "
                    + partition + ": the topic has at most " + partition + " partitions, and topic.partitions is "
                    + wanted
                    + ": " + TopicCheck.remedy(topic, partition, wanted);
            log.error("{} The wait of the producer is interrupted, and the task fails.", failure);
            thread.interrupt();
        } else if (told == 0 || now - told > TELL_NANOS) {
            told = now;
            log.warn(
                    "Kafka has said nothing of topic {} for {} s: it cannot be reached, or the topic does not exist, or it has"
                            + " fewer partitions than topic.partitions says, which is {}.",
                    topic,
                    TimeUnit.NANOSECONDS.toSeconds(now - still),
                    wanted);
        }
    }

    private static boolean isWaiting(Thread thread) {
        for (StackTraceElement frame : thread.getStackTrace()) {
            if (frame.getMethodName().equals(WAITING) && frame.getClassName().equals(PRODUCER)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() {
        stop.countDown();
    }
}
