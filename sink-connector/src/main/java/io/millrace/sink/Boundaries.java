package io.millrace.sink;

import io.millrace.sink.checkpoint.ResumePoint;
import java.util.ArrayDeque;

/**
 * The points of one partition between whole records where planning can begin again, with what the planner knew there. Belongs
 * to the thread that applies.
 */
final class Boundaries {

    private final ArrayDeque<ResumePoint> points = new ArrayDeque<>();

    boolean isEmpty() {
        return points.isEmpty();
    }

    /** All records before the point are planned. Points are added in their order. */
    void add(ResumePoint point) {
        points.add(point);
    }

    /** The last point before which everything is done. */
    ResumePoint resume(long firstOpen) {
        ResumePoint found = points.peek();
        while (found != null) {
            points.remove();
            ResumePoint next = points.peek();
            if (next == null || next.offset() > firstOpen) {
                points.addFirst(found);
                return found;
            }
            found = next;
        }
        return null;
    }
}
