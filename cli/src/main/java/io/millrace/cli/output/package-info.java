/** What the commands print: sentences, progress lines and JSON lines. */
package io.millrace.cli.output;
