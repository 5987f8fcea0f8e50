package io.millrace.credentials.alibaba;

import io.millrace.endpoint.CredentialsException;
import io.millrace.endpoint.Login;
import io.millrace.endpoint.Secret;
import java.util.Map;
import org.json.JSONException;
import org.json.JSONObject;

/**
 * A login in KMS. A secret of the type Redis/Tair is a JSON object with AccountName and AccountPassword; a generic one may be
 * that, one with user (or username) and password, or the password alone.
 */
record KmsSecret(OpenApi kms, Keys keys, String name) {

    Login login(String configuredUser) {
        Map<?, ?> answer = kms.call("GetSecretValue", Map.of("SecretName", name), keys, "the secret " + name);
        if (!(answer.get("SecretData") instanceof String data) || data.isEmpty()) {
            throw CredentialsException.lasting("the secret " + name + " in KMS is no text");
        }
        if (!data.stripLeading().startsWith("{")) {
            return Login.of(configuredUser, Secret.of(data));
        }
        JSONObject object;
        try {
            object = new JSONObject(data);
        } catch (JSONException e) {
            throw CredentialsException.lasting(
                    "the secret " + name + " in KMS begins with a brace and is no JSON object");
        }
        String password = object.optString("AccountPassword", object.optString("password", ""));
        if (password.isEmpty()) {
            throw CredentialsException.lasting(
                    "the secret " + name + " in KMS has neither AccountPassword nor password");
        }
        String user = object.optString("AccountName", object.optString("user", object.optString("username", "")));
        return Login.of(user.isEmpty() ? configuredUser : user, Secret.of(password));
    }
}
