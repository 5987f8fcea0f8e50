/**
 * What the destination remembers of the log: how far it is applied, by whom, and where to read on. The keys lie under
 * {@code __millrace:checkpoint:}, are written in the transactions of the data, and are neither captured nor compared.
 */
package io.millrace.sink.checkpoint;
