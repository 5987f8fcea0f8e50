package io.millrace.credentials.entra;

import com.microsoft.aad.msal4j.MsalClientException;
import com.microsoft.aad.msal4j.MsalServiceException;
import com.microsoft.aad.msal4j.MsalThrottlingException;
import io.millrace.endpoint.CredentialsException;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What Microsoft's library throws, as a clause with the code alone: the text may repeat an id, an assertion or an answer. */
final class EntraRefusal {

    private static final Pattern CODE = Pattern.compile("AADSTS\\d+");

    /** Secret, certificate or assertion is out of its time: a clock is wrong, or it was not renewed. */
    private static final Set<String> TIME =
            Set.of("AADSTS700024", "AADSTS7000222", "AADSTS700082", "AADSTS1000502", "AADSTS7000274");

    private EntraRefusal() {}

    static CredentialsException of(Throwable thrown, TokenSource source) {
        for (Throwable t = thrown; t != null; t = t.getCause()) {
            if (t instanceof CredentialsException known) {
                return known;
            }
            if (t instanceof MsalThrottlingException) {
                return CredentialsException.retryable("Entra answers too many requests for now");
            }
            if (t instanceof MsalServiceException refusal) {
                return refused(refusal, source);
            }
            if (t instanceof MsalClientException client && t.getCause() == null) {
                return CredentialsException.retryable(
                        "Microsoft's library gets no token for " + source + " (" + client.errorCode() + ")");
            }
        }
        return CredentialsException.retryable("Entra does not answer for " + source);
    }

    private static CredentialsException refused(MsalServiceException refusal, TokenSource source) {
        Matcher found = CODE.matcher(refusal.getMessage() == null ? "" : refusal.getMessage());
        String aad = found.find() ? found.group() : "";
        String code = refusal.errorCode() + (aad.isEmpty() ? "" : ", " + aad);
        int status = refusal.statusCode() == null ? 0 : refusal.statusCode();
        if (status == 429) {
            return CredentialsException.retryable("Entra answers too many requests for now (" + code + ")");
        }
        if (status >= 500) {
            return CredentialsException.retryable("Entra gives no token at the moment (" + code + ")");
        }
        if (TIME.contains(aad)) {
            return CredentialsException.lasting("Entra takes the secret, certificate or assertion of " + source
                    + " as run out (" + code + "); renew it, or set the clock of this machine");
        }
        return CredentialsException.lasting("Entra gives no token to " + source + " (" + code
                + "); check tenant.id, client.id and its secret, certificate or assertion");
    }
}
