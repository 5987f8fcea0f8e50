package io.millrace.source.link;

import java.io.IOException;
import java.net.Socket;

/** Opens the connection of a link: connected, and after its TLS handshake where there is one. */
@FunctionalInterface
public interface SocketSource {

    Socket open() throws IOException;
}
