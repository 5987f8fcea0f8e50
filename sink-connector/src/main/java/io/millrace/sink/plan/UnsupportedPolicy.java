package io.millrace.sink.plan;

/** What becomes of what cannot exist at the destination: a type, an expiry of a field, a command that it does not know. */
public enum UnsupportedPolicy {
    /** The change is refused. */
    FAIL,
    /** The change is left out, its keys are noted. */
    SKIP,
    /** As much of the change as can exist is applied; its keys are noted. */
    DEGRADE
}
