/** A real schema registry over HTTP, and consumers that know the events jar alone. */
package io.millrace.it.registry;
