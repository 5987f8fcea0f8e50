/** Every write command of Redis and Valkey as runnable samples, and their execution against a real server. */
package io.millrace.it.workload;
