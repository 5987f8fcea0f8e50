package io.millrace.source.link;

import java.io.IOException;

/**
 * Why a replica link failed: one sentence with the place and the next step. Never holds a password, nor text that a
 * server may have echoed from AUTH.
 */
public abstract sealed class LinkException extends IOException {

    private static final long serialVersionUID = 1L;

    private LinkException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Whether the same link, with the same settings, may succeed later. */
    public abstract boolean retriable();

    /** The server does not accept the login, or asks for one. Never retried: repeated failures lock accounts. */
    public static final class AuthenticationFailed extends LinkException {
        private static final long serialVersionUID = 1L;

        public AuthenticationFailed(String message) {
            super(message, null);
        }

        @Override
        public boolean retriable() {
            return false;
        }
    }

    /** The credential provider gave no login, so that nothing was connected to. */
    public static final class NoCredentials extends LinkException {
        private static final long serialVersionUID = 1L;
        private final boolean retriable;

        public NoCredentials(String message, boolean retriable) {
            super(message, null);
            this.retriable = retriable;
        }

        @Override
        public boolean retriable() {
            return retriable;
        }
    }

    /** The login is accepted but lacks a right that replication needs. */
    public static final class PermissionDenied extends LinkException {
        private static final long serialVersionUID = 1L;

        public PermissionDenied(String message) {
            super(message, null);
        }

        @Override
        public boolean retriable() {
            return false;
        }
    }

    /** The server cannot serve a replica now: it loads its data, or has no link to its own master. */
    public static final class NotReady extends LinkException {
        private static final long serialVersionUID = 1L;

        public NotReady(String message) {
            super(message, null);
        }

        @Override
        public boolean retriable() {
            return true;
        }
    }

    /** The server does not serve replicas at all, or not in a way that this link understands. */
    public static final class Unsupported extends LinkException {
        private static final long serialVersionUID = 1L;

        public Unsupported(String message) {
            super(message, null);
        }

        @Override
        public boolean retriable() {
            return false;
        }
    }

    /** A command of the stream is larger than the memory here allows. It would be again. */
    public static final class TooLarge extends LinkException {
        private static final long serialVersionUID = 1L;

        public TooLarge(String message) {
            super(message, null);
        }

        @Override
        public boolean retriable() {
            return false;
        }
    }

    /** The bytes are not what the protocol allows. A new connection may help, as the damage may be on the way. */
    public static final class Malformed extends LinkException {
        private static final long serialVersionUID = 1L;
        private final long offset;

        /** @param offset where: the replication offset in a command stream, the byte number elsewhere */
        public Malformed(String message, long offset) {
            super(message, null);
            this.offset = offset;
        }

        public long offset() {
            return offset;
        }

        @Override
        public boolean retriable() {
            return true;
        }
    }

    /** The connection ended, fell silent, or was closed here. */
    public static final class Lost extends LinkException {
        private static final long serialVersionUID = 1L;

        public Lost(String message, Throwable cause) {
            super(message, cause);
        }

        @Override
        public boolean retriable() {
            return true;
        }
    }

    /** The two sides do not agree on TLS: a certificate, its host name, or whether TLS is spoken at all. */
    public static final class TlsRefused extends LinkException {
        private static final long serialVersionUID = 1L;

        public TlsRefused(String message, Throwable cause) {
            super(message, cause);
        }

        @Override
        public boolean retriable() {
            return false;
        }
    }

    /** No connection came about: refused, no route, unknown host, or cut while it was made. */
    public static final class Unreachable extends LinkException {
        private static final long serialVersionUID = 1L;

        public Unreachable(String message, Throwable cause) {
            super(message, cause);
        }

        @Override
        public boolean retriable() {
            return true;
        }
    }
}
