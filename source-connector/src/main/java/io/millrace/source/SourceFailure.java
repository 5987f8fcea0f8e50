package io.millrace.source;

import java.io.IOException;

/** Why a source cannot go on: one sentence that says what to do. Not retried. */
final class SourceFailure extends IOException {

    private static final long serialVersionUID = 1L;

    SourceFailure(String sentence) {
        super(sentence);
    }
}
