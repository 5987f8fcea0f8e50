package io.millrace.converter;

import java.util.concurrent.atomic.AtomicReference;

/**
 * Writes whole records of one schema: the format's header, then the value.
 *
 * @param header what goes before every value
 * @param encoder writes the value
 */
record RecordWriter(byte[] header, ValueEncoder encoder) {

    /** The output is borrowed, not shared: whoever finds none makes one. */
    byte[] write(Object value, AtomicReference<AvroOutput> spare) {
        AvroOutput out = spare.getAndSet(null);
        if (out == null) {
            out = new AvroOutput();
        }
        try {
            out.raw(header);
            encoder.encode(value, out);
            return out.take();
        } finally {
            out.clear();
            spare.set(out);
        }
    }
}
