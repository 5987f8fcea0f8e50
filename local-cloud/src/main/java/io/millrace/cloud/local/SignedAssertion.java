package io.millrace.cloud.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Set;

/**
 * Checks what an application with a certificate shows to Entra: a JWT that it has signed with the certificate's key, about
 * itself, for this endpoint, for now and for once.
 */
record SignedAssertion(X509Certificate certificate, String audience, String client) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** What Entra would answer; null when the assertion is right. */
    String refusal(String assertion, Set<String> usedIds) {
        String[] parts = assertion.split("\\.");
        if (parts.length != 3) {
            return "401 invalid_client AADSTS50027";
        }
        try {
            JsonNode header = JSON.readTree(decoded(parts[0]));
            JsonNode claims = JSON.readTree(decoded(parts[1]));
            if (!isOurs(header) || !isSigned(header.path("alg").asText(), parts)) {
                return "401 invalid_client AADSTS700027";
            }
            long now = Instant.now().getEpochSecond();
            if (claims.path("exp").asLong() <= now || claims.path("nbf").asLong() > now + 300) {
                return "401 invalid_client AADSTS700024";
            }
            boolean aboutItself = client.equals(claims.path("iss").asText())
                    && client.equals(claims.path("sub").asText());
            String id = claims.path("jti").asText();
            return aboutItself && audience.equals(claims.path("aud").asText()) && !id.isEmpty() && usedIds.add(id)
                    ? null
                    : "401 invalid_client AADSTS700021";
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            return "401 invalid_client AADSTS50027";
        }
    }

    /** Whether it names this certificate by a thumbprint, in either alphabet of base64: Microsoft's libraries differ there. */
    private boolean isOurs(JsonNode header) throws GeneralSecurityException {
        return isThumbprint("SHA-256", header.path("x5t#S256").asText())
                || isThumbprint("SHA-1", header.path("x5t").asText());
    }

    private boolean isThumbprint(String algorithm, String text) throws GeneralSecurityException {
        byte[] thumbprint = MessageDigest.getInstance(algorithm).digest(certificate.getEncoded());
        return Arrays.equals(thumbprint, decoded(text.replace('+', '-').replace('/', '_')));
    }

    private boolean isSigned(String algorithm, String[] parts) throws GeneralSecurityException {
        Signature check;
        if (algorithm.equals("PS256")) {
            check = Signature.getInstance("RSASSA-PSS");
            check.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
        } else if (algorithm.equals("RS256")) {
            check = Signature.getInstance("SHA256withRSA");
        } else {
            return false;
        }
        check.initVerify(certificate.getPublicKey());
        check.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
        return check.verify(decoded(parts[2]));
    }

    private static byte[] decoded(String text) {
        return Base64.getUrlDecoder().decode(text);
    }
}
