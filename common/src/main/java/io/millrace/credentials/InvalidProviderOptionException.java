package io.millrace.credentials;

/** A provider's option that is missing or wrong; the message is one sentence for the operator, without secrets. */
public final class InvalidProviderOptionException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final String option;

    /** @param option the option's name as the provider declares it */
    public InvalidProviderOptionException(String option, String message) {
        super(message);
        this.option = option;
    }

    public String option() {
        return option;
    }
}
