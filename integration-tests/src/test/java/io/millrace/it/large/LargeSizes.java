package io.millrace.it.large;

/**
 * How large everything is.
 *
 * @param members of the sorted set; the other collections have a fifth
 * @param heapMegabytes of the worker
 * @param commandMegabytes of single commands in the stream
 */
record LargeSizes(int stringMegabytes, int members, int heapMegabytes, int commandMegabytes) {}
