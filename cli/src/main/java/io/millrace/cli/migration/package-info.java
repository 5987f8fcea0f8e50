/** A migration: its two connectors, how it is run and watched, and how it ends. */
package io.millrace.cli.migration;
