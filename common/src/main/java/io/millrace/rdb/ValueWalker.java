package io.millrace.rdb;

import java.io.IOException;

/** Finds where a value ends, without decoding it (rdb.c, rdbLoadObject). */
final class ValueWalker {

    private static final int MODULE_EOF = 0;
    private static final int MODULE_SINT = 1;
    private static final int MODULE_UINT = 2;
    private static final int MODULE_FLOAT = 3;
    private static final int MODULE_DOUBLE = 4;
    private static final int MODULE_STRING = 5;

    private final RdbInput in;
    private final RdbStrings strings;

    ValueWalker(RdbStrings strings) {
        this.strings = strings;
        this.in = strings.input();
    }

    /** Moves behind the value, which is not a module's. */
    void skip(int type) throws IOException {
        switch (type) {
            case RdbType.STRING,
                    RdbType.HASH_ZIPMAP,
                    RdbType.LIST_ZIPLIST,
                    RdbType.SET_INTSET,
                    RdbType.ZSET_ZIPLIST,
                    RdbType.HASH_ZIPLIST,
                    RdbType.HASH_LISTPACK,
                    RdbType.ZSET_LISTPACK,
                    RdbType.SET_LISTPACK,
                    RdbType.HASH_LISTPACK_EX_PRE_GA -> strings.skip();
            case RdbType.LIST, RdbType.SET, RdbType.LIST_QUICKLIST -> skipStrings(strings.count());
            case RdbType.HASH -> skipPairs(strings.count());
            case RdbType.ZSET -> skipScored(strings.count());
            case RdbType.ZSET_2 -> skipFollowedByLong(strings.count(), 1);
            case RdbType.VALKEY_HASH_2 -> skipFollowedByLong(strings.count(), 2);
            case RdbType.LIST_QUICKLIST_2 -> skipNodes(strings.count());
            case RdbType.HASH_METADATA_PRE_GA -> skipExpiring(strings.count());
            case RdbType.HASH_METADATA -> {
                in.skip(8);
                skipExpiring(strings.count());
            }
            case RdbType.HASH_LISTPACK_EX -> {
                in.skip(8);
                strings.skip();
            }
            case RdbType.STREAM_LISTPACKS -> skipStream(1);
            case RdbType.STREAM_LISTPACKS_2 -> skipStream(2);
            case RdbType.STREAM_LISTPACKS_3 -> skipStream(3);
            case RdbType.STREAM_LISTPACKS_4 -> skipStream(4);
            default -> throw strings.broken("the value type " + type + " has no walk");
        }
    }

    /** What a module wrote, up to and with its end mark. */
    void skipModule() throws IOException {
        boolean more = true;
        while (more) {
            more = skipModuleItem();
        }
    }

    /** One item of what a module wrote, which says its kind; false for the end mark. */
    boolean skipModuleItem() throws IOException {
        int opcode = strings.smallNumber("a module's opcode");
        switch (opcode) {
            case MODULE_EOF -> {
                return false;
            }
            case MODULE_SINT, MODULE_UINT -> strings.number();
            case MODULE_FLOAT -> in.skip(4);
            case MODULE_DOUBLE -> in.skip(8);
            case MODULE_STRING -> strings.skip();
            default -> throw strings.broken("a module's opcode " + opcode + " has no meaning");
        }
        return true;
    }

    /** Key metadata of modules (keymeta.c): a four-byte class and a module-like value each. */
    void skipKeyMetadata() throws IOException {
        int classes = strings.smallNumber("the number of metadata classes");
        for (int i = 0; i < classes; i++) {
            in.skip(4);
            skipModule();
        }
    }

    private void skipStrings(long count) throws IOException {
        for (long i = 0; i < count; i++) {
            strings.skip();
        }
    }

    private void skipPairs(long count) throws IOException {
        for (long i = 0; i < count; i++) {
            strings.skip();
            strings.skip();
        }
    }

    private void skipScored(long count) throws IOException {
        for (long i = 0; i < count; i++) {
            strings.skip();
            int length = in.unsigned();
            if (length < 253) {
                in.skip(length);
            }
        }
    }

    private void skipFollowedByLong(long count, int each) throws IOException {
        for (long i = 0; i < count; i++) {
            for (int k = 0; k < each; k++) {
                strings.skip();
            }
            in.skip(8);
        }
    }

    private void skipNodes(long count) throws IOException {
        for (long i = 0; i < count; i++) {
            strings.number();
            strings.skip();
        }
    }

    private void skipExpiring(long count) throws IOException {
        for (long i = 0; i < count; i++) {
            strings.number();
            strings.skip();
            strings.skip();
        }
    }

    /** The entries of a stream. */
    void skipStreamNodes() throws IOException {
        skipPairs(strings.count());
    }

    private void skipStream(int version) throws IOException {
        skipStreamNodes();
        skipNumbers(version >= 2 ? 8 : 3);
        long groups = strings.count();
        for (long i = 0; i < groups; i++) {
            skipGroup(version);
        }
        if (version >= 4) {
            skipProducers();
        }
    }

    private void skipGroup(int version) throws IOException {
        strings.skip();
        skipNumbers(version >= 2 ? 3 : 2);
        long pending = strings.count();
        for (long i = 0; i < pending; i++) {
            in.skip(16 + 8);
            strings.number();
        }
        long consumers = strings.count();
        for (long i = 0; i < consumers; i++) {
            strings.skip();
            in.skip(version >= 3 ? 16 : 8);
            long own = strings.count();
            for (long k = 0; k < own; k++) {
                in.skip(16);
            }
        }
    }

    /** What Redis 8.6 remembers of idempotent producers; gives their number. */
    long skipProducers() throws IOException {
        skipNumbers(2);
        long producers = strings.count();
        for (long i = 0; i < producers; i++) {
            strings.skip();
            long entries = strings.count();
            for (long k = 0; k < entries; k++) {
                strings.skip();
                skipNumbers(2);
            }
        }
        skipNumbers(2);
        return producers;
    }

    private void skipNumbers(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            strings.number();
        }
    }
}
