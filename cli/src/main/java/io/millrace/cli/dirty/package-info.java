/** Keys to which a change was refused: listing them, and copying them from the source anew through the log. */
package io.millrace.cli.dirty;
