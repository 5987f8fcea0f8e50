/**
 * Compares two keyspaces key by key: the proof that a destination equals its source.
 *
 * <p>{@link io.millrace.verify.KeyspaceComparison} reads every key of the source and looks for it at the destination, then
 * the other way round for keys that only the destination has. Values are compared by what they mean, not by how a server
 * encodes them, so that any two versions can be compared.
 */
package io.millrace.verify;
