/** Where a Redis deployment is and how a connection to it is opened: addresses, login, TLS. */
package io.millrace.endpoint;
