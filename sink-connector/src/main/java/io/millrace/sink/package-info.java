/** The sink connector: takes records from Kafka Connect and hands their changes to the thread that applies them. */
package io.millrace.sink;
