/** The servers of one end, for commands that read or write single keys there. */
package io.millrace.cli.server;
