/**
 * The one codec between the change model and Kafka Connect's schemas. The published contract is the {@code .avsc} of
 * the events module; a test holds the two together.
 */
package io.millrace.codec;
