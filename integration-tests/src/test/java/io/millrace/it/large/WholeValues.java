package io.millrace.it.large;

import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.RespClient;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** Looks at the large keys of a destination over and over: each is there as a whole, or not at all. */
final class WholeValues implements AutoCloseable {

    private final LocalServer destination;
    private final Map<String[], Long> expected = new LinkedHashMap<>();
    private final Thread thread = new Thread(this::look, "whole-values");
    private volatile boolean ended;
    private volatile String half;
    private final AtomicLong looks = new AtomicLong();

    WholeValues(LocalServer destination, LargeSizes sizes) {
        this.destination = destination;
        expected.put(new String[] {"STRLEN", "huge:string"}, (long) sizes.stringMegabytes() << 20);
        for (Collected type : Collected.values()) {
            expected.put(new String[] {type.size(), type.key()}, (long) type.count(sizes));
        }
        thread.setDaemon(true);
        thread.start();
    }

    private void look() {
        try (RespClient client = destination.connect()) {
            while (!ended) {
                for (Map.Entry<String[], Long> value : expected.entrySet()) {
                    long seen = (Long) client.call((Object[]) value.getKey());
                    if (seen != 0 && seen != value.getValue()) {
                        half = value.getKey()[1] + " with " + seen + " of " + value.getValue();
                        return;
                    }
                }
                looks.incrementAndGet();
            }
        } catch (IOException | RuntimeException e) {
            half = e.toString();
        }
    }

    /** How often all were looked at. */
    long end() {
        close();
        if (half != null) {
            throw new AssertionError("Half of a value was to be seen: " + half);
        }
        return looks.get();
    }

    @Override
    public void close() {
        ended = true;
        try {
            thread.join(60_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
