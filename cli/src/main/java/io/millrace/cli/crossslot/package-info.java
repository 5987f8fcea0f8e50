/** {@code millrace cross-slot}: counts beforehand what a cluster would not execute as it is. */
package io.millrace.cli.crossslot;
