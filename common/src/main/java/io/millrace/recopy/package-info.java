/**
 * A key's value copied anew through the log, in order with the stream: the script that puts it into the source's replication
 * stream, and what the source connector finds there.
 */
package io.millrace.recopy;
