package io.millrace.endpoint;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** Reads the files of {@link TlsSettings} into an {@link SSLContext}. */
public final class TlsContext {

    private TlsContext() {}

    /**
     * Blocking: reads the PEM files.
     *
     * @throws InvalidEndpointException naming the file that cannot be used
     */
    public static SSLContext of(TlsSettings settings) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keyManagers(settings), trustManagers(settings), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new InvalidEndpointException(
                    "The TLS files cannot be used together: " + e.getMessage()
                            + ". Check that the key belongs to the certificate.",
                    e);
        }
    }

    private static KeyManager[] keyManagers(TlsSettings settings) throws GeneralSecurityException, IOException {
        if (settings.certificateFile() == null) {
            return new KeyManager[0];
        }
        List<X509Certificate> chain =
                new PemFile(settings.certificateFile(), "the client certificate file").certificates();
        PrivateKey key = new PemFile(settings.keyFile(), "the client key file").privateKey();
        if (!KeyPairCheck.belongTogether(key, chain.get(0).getPublicKey())) {
            throw new InvalidEndpointException(
                    "The client key file " + settings.keyFile() + " does not belong to the client certificate file "
                            + settings.certificateFile() + ": name the key that the certificate was made for.",
                    settings.keyFile(),
                    null);
        }
        KeyStore store = emptyStore();
        store.setKeyEntry("client", key, new char[0], chain.toArray(new X509Certificate[0]));
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, new char[0]);
        return factory.getKeyManagers();
    }

    private static TrustManager[] trustManagers(TlsSettings settings) throws GeneralSecurityException, IOException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        if (settings.caFile() == null) {
            factory.init((KeyStore) null); // the JVM's own authorities
            return factory.getTrustManagers();
        }
        KeyStore store = emptyStore();
        List<X509Certificate> authorities = new PemFile(settings.caFile(), "the CA file").certificates();
        for (int i = 0; i < authorities.size(); i++) {
            store.setCertificateEntry("ca-" + i, authorities.get(i));
        }
        factory.init(store);
        return factory.getTrustManagers();
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }
}
