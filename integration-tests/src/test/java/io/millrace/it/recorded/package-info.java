/** Replication streams of versions of which no server can be had. */
package io.millrace.it.recorded;
