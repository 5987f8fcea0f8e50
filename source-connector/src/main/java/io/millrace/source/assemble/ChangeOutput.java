package io.millrace.source.assemble;

import io.millrace.change.Change;

/** Takes changes in the order of the source. A call blocks while there is no room. */
@FunctionalInterface
public interface ChangeOutput {

    void accept(Change change) throws InterruptedException;
}
