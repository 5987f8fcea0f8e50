/** {@code millrace plan}: what a migration takes, from figures or from a source that is asked. */
package io.millrace.cli.plan;
