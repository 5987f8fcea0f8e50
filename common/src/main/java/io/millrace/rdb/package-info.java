/**
 * RDB files and streams, and the payloads of DUMP: {@link io.millrace.rdb.RdbReader} finds where every value begins and ends
 * and hands it out as a payload, or in typed parts when it is large; {@link io.millrace.rdb.DumpValue} takes a payload apart.
 * Nothing here knows sockets or Kafka.
 */
package io.millrace.rdb;
