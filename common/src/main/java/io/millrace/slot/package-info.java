/** The hash slots of Redis Cluster. */
package io.millrace.slot;
