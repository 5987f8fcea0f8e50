package io.millrace.converter;

/**
 * Why one value cannot be written or read, and where in the value. Turned into a
 * {@link org.apache.kafka.connect.errors.DataException} that also names the topic; it carries no stack trace, because a
 * topic may hold millions of bad records.
 */
final class CodecFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private String path = "";

    CodecFailure(String reason) {
        super(reason, null, false, false);
    }

    /** Puts a field's name, or an index as {@code [3]}, in front of the path. */
    CodecFailure within(String step) {
        path = path.isEmpty() || path.startsWith("[") ? step + path : step + "." + path;
        return this;
    }

    /** The reason, with the path of the field at fault when there is one. */
    String describe() {
        return path.isEmpty() ? getMessage() : "field " + path + ": " + getMessage();
    }
}
