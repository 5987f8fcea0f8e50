package io.millrace.credentials.alibaba;

import com.aliyun.tea.TeaException;
import com.aliyun.teaopenapi.Client;
import com.aliyun.teaopenapi.models.Config;
import com.aliyun.teaopenapi.models.OpenApiRequest;
import com.aliyun.teaopenapi.models.Params;
import com.aliyun.teautil.models.RuntimeOptions;
import io.millrace.endpoint.CredentialsException;
import java.net.URI;
import java.util.Map;
import java.util.Set;

/**
 * One API of Alibaba Cloud, called through its SDK, which signs with ACS3-HMAC-SHA256. The clients of single products add
 * nothing but classes for their answers.
 *
 * @param name for messages
 * @param version the API's, a date
 */
record OpenApi(String name, String version, URI endpoint, String region) {

    private static final int TIMEOUT_MILLIS = 10_000;
    private static final Set<String> NEW_KEY_HELPS = Set.of("InvalidSecurityToken.Expired", "SecurityTokenExpired");
    private static final Set<String> WRONG_CLOCK =
            Set.of("InvalidTimeStamp.Expired", "InvalidTimeStamp.Format", "IllegalTimestamp");

    /**
     * The body of the answer.
     *
     * @param purpose what is asked for, as in "the address of the instance r-1"
     * @throws CredentialsException with Alibaba Cloud's code, and nothing of its text: that may repeat what was signed
     */
    Map<?, ?> call(String action, Map<String, String> query, Keys keys, String purpose) {
        Keys.Key key = keys.current();
        try {
            Params call = new Params()
                    .setAction(action)
                    .setVersion(version)
                    .setProtocol(endpoint.getScheme())
                    .setPathname("/")
                    .setMethod("POST")
                    .setAuthType("AK")
                    .setStyle("RPC")
                    .setReqBodyType("formData")
                    .setBodyType("json");
            Map<String, ?> answer = client(key).callApi(call, new OpenApiRequest().setQuery(query), options());
            if (answer.get("body") instanceof Map<?, ?> body) {
                return body;
            }
            throw CredentialsException.retryable(name + " of Alibaba Cloud gives an answer that is none");
        } catch (TeaException e) {
            throw refused(e, keys, purpose);
        } catch (CredentialsException e) {
            throw e;
        } catch (Exception e) { // the SDK declares no less
            throw CredentialsException.retryable(
                    name + " of Alibaba Cloud does not answer (" + e.getClass().getSimpleName() + ")");
        }
    }

    private Client client(Keys.Key key) throws Exception {
        Config config = new Config()
                .setAccessKeyId(key.id())
                .setAccessKeySecret(key.secret())
                .setRegionId(region)
                .setProtocol(endpoint.getScheme())
                .setEndpoint(endpoint.getAuthority());
        if (!key.token().isEmpty()) {
            config.setSecurityToken(key.token());
        }
        return new Client(config);
    }

    private static RuntimeOptions options() {
        return new RuntimeOptions()
                .setAutoretry(false)
                .setConnectTimeout(TIMEOUT_MILLIS)
                .setReadTimeout(TIMEOUT_MILLIS);
    }

    private CredentialsException refused(TeaException e, Keys keys, String purpose) {
        String code = e.getCode() == null ? "no code" : e.getCode();
        int status = e.getStatusCode() == null ? 0 : e.getStatusCode();
        if (code.startsWith("Throttling") || status == 429) {
            return CredentialsException.retryable(
                    name + " of Alibaba Cloud answers too many requests for now (" + code + ")");
        }
        if (status >= 500) {
            return CredentialsException.retryable(
                    name + " of Alibaba Cloud does not give " + purpose + " at the moment (" + code + ")");
        }
        if (NEW_KEY_HELPS.contains(code)) {
            keys.forget();
            return CredentialsException.retryable("the temporary key for Alibaba Cloud has run out (" + code + ")");
        }
        if (WRONG_CLOCK.contains(code)) {
            return CredentialsException.lasting(
                    name + " of Alibaba Cloud refuses the time of this machine (" + code + "); set its clock");
        }
        return CredentialsException.lasting(name + " of Alibaba Cloud does not give " + purpose + " (" + code
                + "); check its name, the region, and the RAM policy of whoever asks");
    }
}
