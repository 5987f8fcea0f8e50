/** Removing what Millrace has written for itself, when a pipeline has done its work. */
package io.millrace.cli.finish;
