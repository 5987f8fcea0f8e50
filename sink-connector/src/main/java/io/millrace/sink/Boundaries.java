package io.millrace.sink;

import io.millrace.sink.checkpoint.ResumePoint;
import java.util.ArrayDeque;
import java.util.Iterator;

/**
 * The points of one partition between whole records where planning can begin again, with what the planner knew there. Belongs
 * to the thread that applies.
 */
final class Boundaries {

    /** While the first record of a large snapshot stays open, points only add up. */
    private static final int MOST = 10_000;

    private final ArrayDeque<ResumePoint> points = new ArrayDeque<>();

    boolean isEmpty() {
        return points.isEmpty();
    }

    /** All records before the point are planned. Points are added in their order. */
    void add(ResumePoint point) {
        if (points.size() >= MOST) {
            thin();
        }
        points.add(point);
    }

    /** Lets go of every second point, and keeps the first. */
    private void thin() {
        boolean keep = true;
        for (Iterator<ResumePoint> each = points.iterator(); each.hasNext(); keep = !keep) {
            each.next();
            if (!keep) {
                each.remove();
            }
        }
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
