package io.millrace.source.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;

/** Threads of which one runs at a time, and only as long as it was told to: so a seed gives the same run again. */
final class ModelTurns implements AutoCloseable {

    /** What blocks and must be interleaved with others. */
    @FunctionalInterface
    interface Work {
        void run() throws InterruptedException;
    }

    /** One thread's side. */
    static final class Turn {
        private final Semaphore go = new Semaphore(0);
        private final Semaphore done = new Semaphore(0);
        private BooleanSupplier ready = () -> true;
        private Thread thread;
        private Throwable failure;

        /** Lets the others run until it is this thread's turn again. */
        void end() throws InterruptedException {
            done.release();
            go.acquire();
        }

        /** The same, but not before something is so. */
        void endUntil(BooleanSupplier wanted) throws InterruptedException {
            ready = wanted;
            end();
            ready = () -> true;
        }

        void start(Work work) {
            thread = new Thread(
                    () -> {
                        try {
                            go.acquire();
                            work.run();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        } catch (RuntimeException | Error e) {
                            failure = e;
                        } finally {
                            done.release();
                        }
                    },
                    "model");
            thread.setDaemon(true);
            thread.start();
        }

        /** Runs the thread until it ends its turn. */
        void take() throws InterruptedException {
            if (ready.getAsBoolean()) {
                go.release();
                done.acquire();
                if (failure != null) {
                    throw new AssertionError("a reader failed", failure);
                }
            }
        }

        private void stop() {
            thread.interrupt();
        }
    }

    private final List<Turn> turns = new ArrayList<>();

    Turn add() {
        Turn turn = new Turn();
        turns.add(turn);
        return turn;
    }

    @Override
    public void close() {
        turns.forEach(Turn::stop);
    }
}
