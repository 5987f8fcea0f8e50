package io.millrace.source;

import io.millrace.rdb.RdbReader;
import io.millrace.source.assemble.ChangeOutput;
import io.millrace.source.assemble.EntryWriter;
import io.millrace.source.assemble.SnapshotAssembler;
import io.millrace.source.assemble.SnapshotAssembler.Announcement;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Reads the RDB of one full synchronisation. Owned by the parser's thread. */
final class SnapshotPhase {

    private final EntryWriter entries;
    private final Origins origins;
    private final SourceStatus status;
    private final ChangeOutput out;
    private final SnapshotAssembler.Imports imports;

    /** @param imports told which slots the source is about to take over from another shard */
    SnapshotPhase(
            EntryWriter entries,
            Origins origins,
            SourceStatus status,
            ChangeOutput out,
            SnapshotAssembler.Imports imports) {
        this.imports = imports;
        this.entries = entries;
        this.origins = origins;
        this.status = status;
        this.out = out;
    }

    /**
     * Reads to the end.
     *
     * @param offset the replication offset that the snapshot stands for
     * @param keys how many the source has, or -1
     * @param changesBefore read by this task before the snapshot
     * @return how many changes were made of it
     */
    long read(SpooledLink link, long offset, long keys, String reason, long changesBefore)
            throws IOException, InterruptedException {
        InputStream in = link.snapshot();
        status.snapshotBegins(keys, link.snapshotBytes(), offset);
        Counter counter = new Counter(in, changesBefore);
        counter.assembler = new SnapshotAssembler(
                origins::of, offset, entries, new Announcement(keys, link.snapshotBytes(), reason), imports, change -> {
                    counter.changes++;
                    out.accept(change);
                });
        RdbReader.read(counter, entries.limits(), counter.assembler);
        counter.tell();
        return counter.changes;
    }

    /** Counts what is read, and tells it to the status once a read. */
    private final class Counter extends FilterInputStream {

        private SnapshotAssembler assembler;
        private long bytes;
        private long changes;
        private final long changesBefore;

        Counter(InputStream in, long changesBefore) {
            super(in);
            this.changesBefore = changesBefore;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int count = super.read(target, offset, length);
            bytes += Math.max(0, count);
            tell();
            return count;
        }

        private void tell() {
            status.snapshotRead(assembler.keys(), bytes, changesBefore + changes);
        }
    }
}
