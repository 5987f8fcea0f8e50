/** Values far larger than a record, through a worker with little memory. */
package io.millrace.it.large;
