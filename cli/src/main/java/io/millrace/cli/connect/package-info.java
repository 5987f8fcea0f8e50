/** A client for the REST interface of a Connect worker: the embedded one, or the user's own. */
package io.millrace.cli.connect;
