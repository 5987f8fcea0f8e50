package io.millrace.credentials;

import io.millrace.endpoint.Credentials;
import io.millrace.endpoint.Login;
import io.millrace.endpoint.Secret;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.json.JSONException;
import org.json.JSONObject;

/**
 * User and password in one file: a JSON object when it begins with a brace, properties otherwise, in UTF-8. No message
 * repeats anything of the content, nor what a parser says about it.
 */
public final class CredentialsFile implements Credentials {

    private final SecretFile file;
    private final String configuredUser;

    CredentialsFile(Path path, String configuredUser) {
        this.file = new SecretFile(path, "the credentials file");
        this.configuredUser = configuredUser;
    }

    @Override
    public Login login() {
        String text = new String(file.read(), StandardCharsets.UTF_8);
        Map<?, ?> entries = text.stripLeading().startsWith("{") ? json(text) : properties(text);
        String password = entry(entries, "password");
        if (password == null || password.isEmpty()) {
            throw file.failure("has no entry 'password'");
        }
        String user = entry(entries, "user");
        user = user == null ? entry(entries, "username") : user;
        return Login.of(user == null ? configuredUser : user, Secret.of(password));
    }

    private Map<?, ?> json(String text) {
        try {
            return new JSONObject(text).toMap();
        } catch (JSONException e) {
            throw file.failure("begins with a brace and is no JSON object");
        }
    }

    private Map<?, ?> properties(String text) {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(text));
        } catch (IllegalArgumentException e) {
            throw file.failure("has a damaged \\u escape: write a backslash in properties as two");
        } catch (IOException e) {
            throw new UncheckedIOException("Reading from memory failed.", e);
        }
        return properties;
    }

    private String entry(Map<?, ?> entries, String name) {
        Object value = entries.get(name);
        if (value == null || value instanceof String) {
            return (String) value;
        }
        throw file.failure("has an entry '" + name + "' that is no text: put it in quotes");
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
