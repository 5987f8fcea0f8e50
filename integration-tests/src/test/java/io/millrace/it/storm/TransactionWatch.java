package io.millrace.it.storm;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** Ends {@link HangingTransactions} that it sees twice, as an operator would. On a thread of its own. */
final class TransactionWatch implements AutoCloseable {

    private static final int PAUSE_MILLIS = 5_000;

    private final HangingTransactions transactions;
    private final Journal journal;
    private final AtomicInteger aborted = new AtomicInteger();
    private final Thread thread;

    TransactionWatch(HangingTransactions transactions, Journal journal) {
        this.transactions = transactions;
        this.journal = journal;
        this.thread = new Thread(this::run, "transaction-watch");
        thread.setDaemon(true);
        thread.start();
    }

    /** How many were ended. */
    int aborted() {
        return aborted.get();
    }

    private void run() {
        Set<String> before = Set.of();
        try {
            while (true) {
                Thread.sleep(PAUSE_MILLIS);
                List<HangingTransactions.Open> open = transactions.open();
                Set<String> now = new HashSet<>();
                for (HangingTransactions.Open one : open) {
                    if (one.isForgotten() && before.contains(one.id()) && transactions.abort(one)) {
                        aborted.incrementAndGet();
                        journal.note("aborted, as Kafka has forgotten it: " + one.id());
                    } else if (one.isForgotten()) {
                        now.add(one.id());
                    }
                }
                before = now;
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("The storm was interrupted", e);
        }
    }
}
