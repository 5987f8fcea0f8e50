package io.millrace.sink.apply;

import io.millrace.sink.plan.Unit;
import java.util.List;

/** Says what is noted together with a step of a run. */
interface Notes {

    /** Of a run that needs none: assignments, which can be applied again, or at-least-once delivery. */
    Notes NONE = (units, from, end) -> List.of();

    /** What to note when the units from {@code from} and before {@code end} are applied; the same whenever it is asked. */
    List<Note> of(List<Unit> units, int from, int end);
}
