package io.millrace.endpoint;

/**
 * A server that is known by a name that is no host name, such as the id of an instance of a cloud. Its address is looked up
 * at every new connection, as a host name's is: so it may change. Thread-safe.
 */
public interface Location {

    /** What messages call the server, with a port that means nothing; made of letters, digits, hyphens, dots and underscores. */
    Address name();

    /**
     * Where the server listens now. May block for as long as a connect may take.
     *
     * @throws CredentialsException when it is not to be had
     */
    Address lookUp();
}
