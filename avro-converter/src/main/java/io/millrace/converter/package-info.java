/**
 * A Connect converter for Avro. A schema is compiled once into an encoder or a decoder; records then pass straight
 * between Connect's values and Avro's binary encoding, in one of two wire formats.
 */
package io.millrace.converter;
