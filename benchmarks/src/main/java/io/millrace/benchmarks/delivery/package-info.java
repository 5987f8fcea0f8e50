/** What effectively-once delivery costs against at-least-once, on the same work. */
package io.millrace.benchmarks.delivery;
