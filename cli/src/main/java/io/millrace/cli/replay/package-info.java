/** Applying the log again: where from, whether that is safe, how it is begun and watched. */
package io.millrace.cli.replay;
