package io.millrace.rdb;

import java.util.Set;

/**
 * A payload in the form that another server reads.
 *
 * @param payload null when nothing of the value can exist there
 * @param losses what the value had and the payload does not
 */
public record Rewritten(byte[] payload, Set<Loss> losses) {}
