/**
 * RDB files and streams: {@link io.millrace.source.rdb.RdbReader} finds where every value begins and ends and hands it out
 * as a DUMP payload, or in typed parts when it is large; {@link io.millrace.source.rdb.ValueDecoder} decodes payloads.
 * Nothing here knows sockets or Kafka.
 */
package io.millrace.source.rdb;
