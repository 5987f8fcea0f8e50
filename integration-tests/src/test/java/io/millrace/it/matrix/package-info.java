/** Every version to every version: see {@link io.millrace.it.matrix.VersionMatrix}. */
package io.millrace.it.matrix;
