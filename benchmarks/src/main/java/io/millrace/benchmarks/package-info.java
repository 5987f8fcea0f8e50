/** What one core does: micro benchmarks of the parts that every change passes through. */
package io.millrace.benchmarks;
