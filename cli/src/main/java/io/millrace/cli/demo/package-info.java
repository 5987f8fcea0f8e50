/** {@code millrace demo}: a live migration between two real servers that proves itself. */
package io.millrace.cli.demo;
