/** Checks before a migration begins: each has an id, a level, evidence and a remedy. */
package io.millrace.cli.precheck;
