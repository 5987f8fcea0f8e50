/**
 * What Redis and Valkey commands are: where their keys stand, and what applying them means.
 *
 * <p>{@link io.millrace.command.CommandTable} is the entry. The facts come from two resources beside this package:
 * {@code commands.tsv}, generated from real servers, and {@code effects.tsv}, ours.
 */
package io.millrace.command;
