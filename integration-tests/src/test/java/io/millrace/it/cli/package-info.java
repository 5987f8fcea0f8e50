/** The executable jar as a process: what a person at a terminal sees, and what survives a kill. */
package io.millrace.it.cli;
