package io.millrace.change;

/**
 * The place of one record among those that carry a value too large for one record.
 *
 * @param index from 0
 * @param last whether the value is complete with this part
 */
public record Part(int index, boolean last) {}
