package io.millrace.rdb;

import io.millrace.change.Expiry;

/**
 * A key of an RDB with what is known besides its value.
 *
 * @param db the database number
 * @param key the name
 * @param type string, list, set, zset, hash, stream, or the name of a module type
 * @param expireAt in milliseconds since the epoch, or {@link Expiry#NONE}
 * @param idle seconds since the last use, or -1 when the source does not track it
 * @param frequency LFU counter, 0 to 255, or -1 when the source does not track it
 */
public record RdbKey(int db, byte[] key, String type, long expireAt, long idle, int frequency) {}
