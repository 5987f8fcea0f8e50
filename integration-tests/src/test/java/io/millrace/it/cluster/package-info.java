/** A cluster as the source of a pipeline, through everything that a cluster does. */
package io.millrace.it.cluster;
