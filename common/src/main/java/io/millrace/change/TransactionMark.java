package io.millrace.change;

/**
 * The place of a change in a MULTI…EXEC block.
 *
 * @param id replication offset of the first byte of the block's MULTI
 * @param index counts the changes of the block, from 0
 * @param last whether this is the block's last change
 */
public record TransactionMark(long id, int index, boolean last) {}
