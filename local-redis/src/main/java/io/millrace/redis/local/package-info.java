/**
 * Real Redis and Valkey servers on this machine, for the demo and for tests: which versions there are, how to start, stop,
 * crash and pause them, how to form a cluster, and how to fill one with every kind of value.
 *
 * <p>Nothing here is installed: a server is a binary in the cache directory ({@link io.millrace.redis.local.ServerCache})
 * that runs in a temporary directory of its own and ends with this JVM, however the JVM ends.
 */
package io.millrace.redis.local;
