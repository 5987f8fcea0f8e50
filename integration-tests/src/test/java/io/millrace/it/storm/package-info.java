/** A seeded machine that breaks every part of a running pipeline, and then compares every key. */
package io.millrace.it.storm;
