package io.millrace.cli.precheck;

import java.util.Objects;

/**
 * What one check found.
 *
 * @param id stable name, for scripts and for ignoring it, for example {@code target-empty}
 * @param evidence what was seen, without secrets, as the beginning of a sentence
 * @param remedy what to do about it, as the end of that sentence; empty when nothing is to be done
 */
public record CheckResult(String id, Level level, String evidence, String remedy) {
    /** What a result means for the migration. */
    public enum Level {
        OK,
        /** Worth knowing; the migration begins all the same. */
        WARNING,
        /** The migration does not begin. */
        ERROR
    }

    public CheckResult {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(level, "level");
        Objects.requireNonNull(evidence, "evidence");
        Objects.requireNonNull(remedy, "remedy");
    }

    static CheckResult ok(String id, String evidence) {
        return new CheckResult(id, Level.OK, evidence, "");
    }

    static CheckResult warning(String id, String evidence, String remedy) {
        return new CheckResult(id, Level.WARNING, evidence, remedy);
    }

    static CheckResult error(String id, String evidence, String remedy) {
        return new CheckResult(id, Level.ERROR, evidence, remedy);
    }

    /** Evidence and remedy as one sentence. */
    public String sentence() {
        return remedy.isEmpty() ? evidence + "." : evidence + "; " + remedy + ".";
    }
}
