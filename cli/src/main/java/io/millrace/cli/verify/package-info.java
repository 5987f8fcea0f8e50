/** {@code millrace verify}. */
package io.millrace.cli.verify;
