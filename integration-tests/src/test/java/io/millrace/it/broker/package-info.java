/** A broker in a process of its own, to be killed, stopped and frozen. */
package io.millrace.it.broker;
