/**
 * A Kafka broker and a Connect worker inside this JVM, on loopback, with everything they store below one data
 * directory.
 */
package io.millrace.cli.embedded;
