/** The options that several commands share, and the addresses and logins that they stand for. */
package io.millrace.cli.options;
