/** Typed values for publishing: {@link io.millrace.source.rdb.ValueDecoder} decodes payloads. */
package io.millrace.source.rdb;
