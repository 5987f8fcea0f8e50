/** The command line: {@code millrace migrate}, {@code demo}, {@code verify} and {@code version}. */
package io.millrace.cli;
