/**
 * From planned units to a changed destination: one pipelined connection a node and database, every reply inspected, order
 * kept for each key. Everything here belongs to the one thread that applies.
 */
package io.millrace.sink.apply;
