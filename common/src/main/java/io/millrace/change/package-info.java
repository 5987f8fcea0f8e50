/**
 * The change model: what a source connector reads and a sink connector applies, in plain Java types.
 *
 * <p>All values are immutable by convention: the byte arrays inside are shared, not copied, because a change passes
 * millions of times a minute; whoever holds one must not write to it.
 */
package io.millrace.change;
