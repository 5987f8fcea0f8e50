package io.millrace.credentials.alibaba;

import com.aliyun.credentials.Client;
import com.aliyun.credentials.exception.CredentialException;
import com.aliyun.credentials.models.CredentialModel;
import io.millrace.endpoint.CredentialsException;

/** With what a request to Alibaba Cloud is signed. Thread-safe. */
interface Keys {

    /** @param token empty for a key that is not temporary */
    record Key(String id, String secret, String token) {
        @Override
        public String toString() {
            return "key " + id;
        }
    }

    /** @throws CredentialsException when there is none to be had */
    Key current();

    /** What was got before is not good any more: the next question gets a new one. */
    default void forget() {}

    /** The key of the configuration. */
    record Configured(String id, String secret, String token) implements Keys {
        @Override
        public Key current() {
            return new Key(id, secret, token);
        }

        @Override
        public String toString() {
            return "the AccessKey " + id;
        }
    }

    /** What Alibaba Cloud's SDK finds, and renews. */
    final class OfSdk implements Keys {

        private Client client;

        @Override
        public synchronized Key current() {
            try {
                if (client == null) {
                    client = new Client();
                }
                CredentialModel found = client.getCredential();
                String token = found.getSecurityToken();
                return new Key(found.getAccessKeyId(), found.getAccessKeySecret(), token == null ? "" : token);
            } catch (CredentialException | com.aliyun.tea.TeaException | IllegalArgumentException e) {
                throw CredentialsException.retryable(
                        "Alibaba Cloud's SDK finds no credentials in environment, profile, OIDC"
                                + " role or ECS instance role");
            }
        }
    }
}
