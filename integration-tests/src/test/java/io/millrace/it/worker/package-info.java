/** Plain Kafka Connect workers as processes of their own, and the REST interface of any worker. */
package io.millrace.it.worker;
