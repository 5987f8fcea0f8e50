package io.millrace.benchmarks.table;

import java.util.Locale;

/** What is measured. The names are those of the JSON. */
enum Metric {
    FULL_SYNC("full sync", "keys/s", true, true),
    DRAIN("drain of the burst", "commands/s", true, true),
    BEHIND("behind at the burst's end", "s", false, false),
    LAG_P50("idle lag, p50", "ms", false, false),
    LAG_P99("idle lag, p99", "ms", false, false),
    CPU_COLD("CPU a key, first copy", "us", false, false),
    CPU_WARM("CPU a key, warm, without broker", "us", false, false),
    CPU_BURST("CPU a command of the burst", "us", false, false),
    MEMORY("memory", "MB", false, false);

    private final String text;
    private final String unit;
    private final boolean rate;
    private final boolean moreIsBetter;

    Metric(String text, String unit, boolean rate, boolean moreIsBetter) {
        this.text = text;
        this.unit = unit;
        this.rate = rate;
        this.moreIsBetter = moreIsBetter;
    }

    String text() {
        return text;
    }

    String unit() {
        return unit;
    }

    /** Whether it is compared with that of native replication, as a ratio. */
    boolean isRate() {
        return rate;
    }

    boolean moreIsBetter() {
        return moreIsBetter;
    }

    String format(double value) {
        return String.format(Locale.ROOT, rate ? "%,.0f %s" : value < 10 ? "%.2f %s" : "%,.1f %s", value, unit);
    }
}
