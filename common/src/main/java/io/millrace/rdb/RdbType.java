package io.millrace.rdb;

/** Value types and opcodes of an RDB: rdb.h of Redis 8.6 and of Valkey 9. */
public final class RdbType {

    public static final int STRING = 0;
    public static final int LIST = 1;
    public static final int SET = 2;
    public static final int ZSET = 3;
    public static final int HASH = 4;
    public static final int ZSET_2 = 5;
    public static final int MODULE_PRE_GA = 6;
    public static final int MODULE_2 = 7;
    public static final int HASH_ZIPMAP = 9;
    public static final int LIST_ZIPLIST = 10;
    public static final int SET_INTSET = 11;
    public static final int ZSET_ZIPLIST = 12;
    public static final int HASH_ZIPLIST = 13;
    public static final int LIST_QUICKLIST = 14;
    public static final int STREAM_LISTPACKS = 15;
    public static final int HASH_LISTPACK = 16;
    public static final int ZSET_LISTPACK = 17;
    public static final int LIST_QUICKLIST_2 = 18;
    public static final int STREAM_LISTPACKS_2 = 19;
    public static final int SET_LISTPACK = 20;
    public static final int STREAM_LISTPACKS_3 = 21;
    /** Redis 7.4 release candidates; in Valkey's numbering {@link #VALKEY_HASH_2}. */
    public static final int HASH_METADATA_PRE_GA = 22;

    public static final int HASH_LISTPACK_EX_PRE_GA = 23;
    public static final int HASH_METADATA = 24;
    public static final int HASH_LISTPACK_EX = 25;
    public static final int STREAM_LISTPACKS_4 = 26;

    /** Our own number for Valkey's type 22, so that the two are never taken for each other. */
    public static final int VALKEY_HASH_2 = 22 + 256;

    /** Redis 8.6 (RDB 13): metadata of modules, before a key's type. */
    public static final int OPCODE_KEY_META = 243;
    /** Valkey 9 (RDB 80): state of a slot migration. */
    public static final int OPCODE_SLOT_IMPORT = 243;

    public static final int OPCODE_SLOT_INFO = 244;
    public static final int OPCODE_FUNCTION2 = 245;
    public static final int OPCODE_FUNCTION_PRE_GA = 246;
    public static final int OPCODE_MODULE_AUX = 247;
    public static final int OPCODE_IDLE = 248;
    public static final int OPCODE_FREQ = 249;
    public static final int OPCODE_AUX = 250;
    public static final int OPCODE_RESIZEDB = 251;
    public static final int OPCODE_EXPIRETIME_MS = 252;
    public static final int OPCODE_EXPIRETIME = 253;
    public static final int OPCODE_SELECTDB = 254;
    public static final int OPCODE_EOF = 255;

    public static final int VALKEY_FIRST_VERSION = 80;

    private static final String MODULE_NAME = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    private RdbType() {}

    /** The number to go by for a type byte, by the version of the RDB. */
    public static int resolve(int type, int rdbVersion) {
        return type == HASH_METADATA_PRE_GA && rdbVersion >= VALKEY_FIRST_VERSION ? VALKEY_HASH_2 : type;
    }

    /** What TYPE says, or null for a module's type, whose name is in the value, and for an unknown one. */
    public static String name(int type) {
        return switch (type) {
            case STRING -> "string";
            case LIST, LIST_ZIPLIST, LIST_QUICKLIST, LIST_QUICKLIST_2 -> "list";
            case SET, SET_INTSET, SET_LISTPACK -> "set";
            case ZSET, ZSET_2, ZSET_ZIPLIST, ZSET_LISTPACK -> "zset";
            case HASH,
                    HASH_ZIPMAP,
                    HASH_ZIPLIST,
                    HASH_LISTPACK,
                    HASH_METADATA_PRE_GA,
                    HASH_LISTPACK_EX_PRE_GA,
                    HASH_METADATA,
                    HASH_LISTPACK_EX,
                    VALKEY_HASH_2 -> "hash";
            case STREAM_LISTPACKS, STREAM_LISTPACKS_2, STREAM_LISTPACKS_3, STREAM_LISTPACKS_4 -> "stream";
            default -> null;
        };
    }

    /** Whether the version of the RDB has the type. */
    public static boolean isIn(int type, int rdbVersion) {
        if (rdbVersion >= VALKEY_FIRST_VERSION) {
            return type == VALKEY_HASH_2 || (type <= STREAM_LISTPACKS_3 && isKnown(type));
        }
        return switch (type) {
            case HASH_METADATA_PRE_GA, HASH_LISTPACK_EX_PRE_GA, HASH_METADATA, HASH_LISTPACK_EX -> rdbVersion >= 12;
            case STREAM_LISTPACKS_4 -> rdbVersion >= 13;
            case VALKEY_HASH_2 -> false;
            default -> isKnown(type);
        };
    }

    /** Whether RESTORE of a server that reads up to this RDB version takes the type. */
    static boolean restorable(int type, int rdbVersion) {
        if (type == VALKEY_HASH_2) {
            return rdbVersion >= VALKEY_FIRST_VERSION;
        }
        return rdbVersion >= VALKEY_FIRST_VERSION ? type <= STREAM_LISTPACKS_3 : since(type) <= rdbVersion;
    }

    /** The first RDB version with the type (rdb.h of each release): 8 is Redis 4.0, 9 is 5.0, 10 is 7.0, 11 is 7.2, 12 is 7.4. */
    private static int since(int type) {
        return switch (type) {
            case ZSET_2, MODULE_2 -> 8;
            case STREAM_LISTPACKS -> 9;
            case HASH_LISTPACK, ZSET_LISTPACK, LIST_QUICKLIST_2, STREAM_LISTPACKS_2 -> 10;
            case SET_LISTPACK, STREAM_LISTPACKS_3 -> 11;
            case HASH_METADATA_PRE_GA, HASH_LISTPACK_EX_PRE_GA, HASH_METADATA, HASH_LISTPACK_EX -> 12;
            case STREAM_LISTPACKS_4 -> 13;
            default -> 1;
        };
    }

    private static boolean isKnown(int type) {
        return type == MODULE_2 || name(type) != null;
    }

    /** The nine characters of a module type's 64-bit id; the low ten bits are its encoding version (module.c). */
    static String moduleName(long id) {
        StringBuilder name = new StringBuilder(9);
        for (int i = 0; i < 9; i++) {
            name.append(MODULE_NAME.charAt((int) (id >>> (58 - 6 * i)) & 0x3f));
        }
        return name.toString();
    }
}
