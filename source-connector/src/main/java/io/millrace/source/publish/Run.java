package io.millrace.source.publish;

import io.millrace.change.Change;
import java.util.List;

/**
 * Changes that travel from the link's thread to the task's together.
 *
 * @param bytes what they take in memory, about
 * @param generation of the changes, and of {@code passed}
 * @param passed the offset up to which all is either in this run or before it, or was not to be published; -1 in the
 *     middle of a unit
 * @param lane which of the task's shards they are of
 */
record Run(List<Change> changes, long bytes, int generation, long passed, int lane) {}
