package io.millrace.endpoint;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a Redis URI says: {@code redis[s]://[[user]:password@]host[:port][,host[:port]...][/database]}. User and password are
 * percent-decoded; a password alone stands after a colon ({@code redis://:secret@host}). Or {@code
 * redis[s]+sentinel://[[user]:password@]host[:port][,host[:port]...]/master}, with the login of the servers and the hosts of
 * the sentinels; or {@code unix://[[user]:password@]/path}.
 *
 * @param tls true for {@code rediss}
 * @param addresses at least one, in the order given
 * @param database the number after the slash, if there is one
 * @param master the name after the slash where the hosts are sentinels, else null
 */
public record RedisUri(boolean tls, Login login, List<Address> addresses, OptionalInt database, String master) {

    private static final String EXPECTED = "write redis://[user:password@]host:port, or rediss:// for TLS";
    private static final String SENTINEL = "+sentinel";
    private static final String UNIX = "unix";
    private static final Set<String> SCHEMES = Set.of("redis", "rediss", "redis" + SENTINEL, "rediss" + SENTINEL, UNIX);

    public RedisUri {
        addresses = List.copyOf(addresses);
    }

    /** @throws InvalidEndpointException one sentence that says what is wrong; it never repeats the part with the password */
    public static RedisUri parse(String text) {
        String uri = text.strip();
        int colon = uri.indexOf(':');
        String scheme = schemeOf(uri, colon);
        boolean tls = scheme.startsWith("rediss");
        if (!uri.startsWith("//", colon + 1)) {
            throw invalid("there is no '//' after '" + scheme + ":': " + EXPECTED);
        }
        String rest = uri.substring(colon + 3);
        if (scheme.equals(UNIX)) {
            return unix(rest);
        }
        int at = rest.lastIndexOf('@');
        Login login = at < 0 ? Login.none() : login(rest.substring(0, at));
        String hosts = rest.substring(at + 1);

        int fragment = hosts.indexOf('#');
        if (fragment >= 0) {
            throw invalid("it has a '#': percent-encode it as %23 when it is part of the password");
        }
        int query = hosts.indexOf('?');
        if (query >= 0) {
            throw unknownParameter(hosts.substring(query + 1));
        }
        int slash = hosts.indexOf('/');
        if (scheme.endsWith(SENTINEL)) {
            return new RedisUri(
                    tls,
                    login,
                    addresses(slash < 0 ? hosts : hosts.substring(0, slash), Address.SENTINEL_PORT),
                    OptionalInt.empty(),
                    master(slash < 0 ? "" : hosts.substring(slash + 1)));
        }
        OptionalInt database = slash < 0 ? OptionalInt.empty() : database(hosts.substring(slash + 1));
        return new RedisUri(
                tls,
                login,
                addresses(slash < 0 ? hosts : hosts.substring(0, slash), Address.DEFAULT_PORT),
                database,
                null);
    }

    private static RedisUri unix(String rest) {
        int at = rest.startsWith("/") ? -1 : rest.indexOf('@');
        Login login = at < 0 ? Login.none() : login(rest.substring(0, at));
        Address socket = Address.parse(UNIX + "://" + rest.substring(at + 1));
        return new RedisUri(false, login, List.of(socket), OptionalInt.empty(), null);
    }

    private static String master(String path) {
        if (path.isEmpty() || path.indexOf('/') >= 0) {
            throw invalid("the name of the master is missing: write redis+sentinel://host:26379,host:26379/mymaster");
        }
        return new String(percentDecode(path), StandardCharsets.UTF_8);
    }

    /** Whether the hosts are sentinels. */
    public boolean isSentinel() {
        return master != null;
    }

    /** Scheme, hosts, and the master's name: what may be shown, without the login. */
    public String shown() {
        String hosts = addresses.stream().map(Address::toString).collect(Collectors.joining(","));
        if (addresses.get(0).isUnix()) {
            return hosts;
        }
        return (tls ? "rediss" : "redis") + (isSentinel() ? SENTINEL : "") + "://" + hosts
                + (isSentinel() ? "/" + master : "");
    }

    /**
     * The endpoint with the default timeouts and, for {@code rediss}, the default TLS settings.
     *
     * @param topology for hosts that are neither sentinels, whose login is none here, nor a Unix socket
     */
    public RedisEndpoint endpoint(Topology topology) {
        if (isSentinel()) {
            return endpointOf(Topology.CLUSTER).withSentinels(new SentinelSettings(master, Login.none()));
        }
        return endpointOf(addresses.get(0).isUnix() ? Topology.STANDALONE : topology);
    }

    private RedisEndpoint endpointOf(Topology topology) {
        return new RedisEndpoint(
                topology,
                addresses,
                login,
                tls ? TlsSettings.on() : TlsSettings.off(),
                RedisEndpoint.DEFAULT_CONNECT_TIMEOUT,
                RedisEndpoint.DEFAULT_READ_TIMEOUT);
    }

    private static String schemeOf(String uri, int colon) {
        boolean looksLikeScheme = colon > 0;
        for (int i = 0; looksLikeScheme && i < colon; i++) {
            char c = uri.charAt(i);
            looksLikeScheme = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (i > 0 && (c == '+' || c == '-' || (c >= '0' && c <= '9')));
        }
        if (!looksLikeScheme) {
            throw invalid("it has no scheme: " + EXPECTED);
        }
        String scheme = uri.substring(0, colon).toLowerCase(Locale.ROOT);
        if (SCHEMES.contains(scheme)) {
            return scheme;
        }
        if (!uri.startsWith(
                "//", colon + 1)) { // host:port without a scheme; what stands before the colon may be a user
            throw invalid("it has no scheme: " + EXPECTED);
        }
        throw invalid("the scheme '" + scheme + "' is unknown: " + EXPECTED);
    }

    private static Login login(String userInfo) {
        int colon = userInfo.indexOf(':');
        if (colon < 0) {
            throw invalid("there is no ':' before the '@': write user:password@, or :password@ for a password alone");
        }
        byte[] user = percentDecode(userInfo.substring(0, colon));
        byte[] password = percentDecode(userInfo.substring(colon + 1));
        return new Login(user.length == 0 ? null : new String(user, StandardCharsets.UTF_8), Secret.of(password));
    }

    private static List<Address> addresses(String hosts, int defaultPort) {
        if (hosts.isEmpty()) {
            throw invalid("the host is missing: " + EXPECTED);
        }
        List<Address> addresses = new ArrayList<>();
        for (String one : hosts.split(",", -1)) {
            addresses.add(Address.parse(one, defaultPort));
        }
        return addresses;
    }

    private static OptionalInt database(String path) {
        if (path.isEmpty()) {
            return OptionalInt.empty();
        }
        int value = 0;
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c < '0' || c > '9' || i >= 6) {
                throw invalid("the part after the '/' is not a database number: write /0 to /999999, or leave it out");
            }
            value = value * 10 + (c - '0');
        }
        return OptionalInt.of(value);
    }

    private static InvalidEndpointException unknownParameter(String query) {
        int end = 0;
        while (end < query.length() && query.charAt(end) != '=' && query.charAt(end) != '&') {
            end++;
        }
        String name = query.substring(0, end);
        return invalid("the parameter '" + name + "' is unknown: leave everything after the '?' out");
    }

    private static byte[] percentDecode(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(text.length());
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < utf8.length; i++) {
            if (utf8[i] != '%') {
                out.write(utf8[i]);
                continue;
            }
            int high = i + 2 < utf8.length ? Character.digit(utf8[i + 1], 16) : -1;
            int low = i + 2 < utf8.length ? Character.digit(utf8[i + 2], 16) : -1;
            if (high < 0 || low < 0) {
                throw invalid(
                        "a '%' in the user or password is not followed by two hex digits: write a plain '%' as %25");
            }
            out.write(high << 4 | low);
            i += 2;
        }
        return out.toByteArray();
    }

    private static InvalidEndpointException invalid(String what) {
        return new InvalidEndpointException("The Redis URI is not valid: " + what + ".");
    }
}
