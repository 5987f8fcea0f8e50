package io.millrace.credentials.alibaba;

import io.millrace.credentials.CredentialProvider;
import io.millrace.credentials.InvalidProviderOptionException;
import io.millrace.credentials.ProviderOption;
import io.millrace.credentials.ProviderSettings;
import io.millrace.endpoint.Credentials;
import io.millrace.endpoint.Secret;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * An instance of Alibaba Cloud by its id: the provider assumes a RAM role, where there is one, and asks for the instance's
 * address and, if the login is kept there, KMS for the account and its password.
 */
public final class AlibabaRamProvider implements CredentialProvider {

    public static final String NAME = "alibaba-ram";

    static final String INSTANCE = "instance.id";
    static final String REGION = "region";
    static final String NETWORK = "network";
    static final String KEY_ID = "access.key.id";
    static final String KEY_SECRET = "access.key.secret";
    static final String SECURITY_TOKEN = "security.token";
    static final String ROLE_ARN = "role.arn";
    static final String EXTERNAL_ID = "role.external.id";
    static final String PASSWORD = "password";
    static final String SECRET_NAME = "secret.name";
    static final String STS_ENDPOINT = "sts.endpoint";
    static final String REDIS_ENDPOINT = "redis.endpoint";
    static final String KMS_ENDPOINT = "kms.endpoint";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<ProviderOption> options() {
        return List.of(
                ProviderOption.text(
                        INSTANCE,
                        "Id of the instance, such as r-bp1zxszhcgatnx. Its address is looked up at every new connection, so"
                                + " redis.hosts stays empty."),
                ProviderOption.text(REGION, "Region of the instance, such as cn-hangzhou."),
                ProviderOption.text(
                        NETWORK, "Which of the instance's addresses: private (the default), in its VPC, or public."),
                ProviderOption.text(
                        KEY_ID,
                        "AccessKey of the identity that asks. Empty, together with the next two, looks where Alibaba"
                                + " Cloud's SDK does: environment, profile, OIDC role, ECS instance role."),
                ProviderOption.secret(KEY_SECRET, "Secret of the AccessKey."),
                ProviderOption.secret(SECURITY_TOKEN, "Security token, where the AccessKey is a temporary one."),
                ProviderOption.text(
                        ROLE_ARN,
                        "RAM role to assume first; one of another account lets this one read an instance there."),
                ProviderOption.text(EXTERNAL_ID, "External id that the role's trust policy asks for."),
                ProviderOption.secret(
                        PASSWORD,
                        "Password of the account of redis.user; without a user, that of the instance's default account."
                                + " Leave it and secret.name empty for an instance that takes no password in its VPC."),
                ProviderOption.text(
                        SECRET_NAME,
                        "In place of password: name of a secret in KMS (type Redis/Tair, or a generic one) that holds account"
                                + " and password. It is read at every new connection, so that its rotation takes effect."),
                ProviderOption.text(STS_ENDPOINT, "URL of STS, where it is not the region's own."),
                ProviderOption.text(REDIS_ENDPOINT, "URL of the API of Tair, where it is not the region's own."),
                ProviderOption.text(KMS_ENDPOINT, "URL of KMS, where it is not the region's own."));
    }

    @Override
    public Credentials credentials(ProviderSettings settings) {
        String instance = settings.required(INSTANCE, "the provider alibaba-ram needs the id of the instance.");
        String region = settings.required(REGION, "the provider alibaba-ram needs the region of the instance.");
        String network = settings.option(NETWORK).orElse("private");
        if (!network.equals("private") && !network.equals("public")) {
            throw new InvalidProviderOptionException(NETWORK, "the network is private or public.");
        }
        settings.requireBothOrNeither(
                KEY_ID, KEY_SECRET, "an AccessKey and its secret go together: set both or neither.");
        Secret password = settings.options().getOrDefault(PASSWORD, Secret.none());
        Optional<String> secretName = settings.option(SECRET_NAME);
        if (secretName.isPresent() && !password.isEmpty()) {
            throw new InvalidProviderOptionException(
                    SECRET_NAME, "a password and the name of a secret exclude each other: keep one of the two.");
        }
        OpenApi sts = new OpenApi("STS", "2015-04-01", url(settings, STS_ENDPOINT, "sts." + region), region);
        OpenApi tair = new OpenApi("Tair", "2015-01-01", url(settings, REDIS_ENDPOINT, tairHost(region)), region);
        OpenApi kms = new OpenApi("KMS", "2016-01-20", url(settings, KMS_ENDPOINT, "kms." + region), region);
        Keys own = settings.option(KEY_ID)
                .<Keys>map(id -> new Keys.Configured(
                        id,
                        settings.option(KEY_SECRET).orElse(""),
                        settings.option(SECURITY_TOKEN).orElse("")))
                .orElseGet(Keys.OfSdk::new);
        Keys keys = settings.option(ROLE_ARN)
                .<Keys>map(role -> new AssumedRole(sts, own, role, settings.option(EXTERNAL_ID)))
                .orElse(own);
        return new AlibabaCredentials(
                new InstanceLocation(tair, keys, instance, network),
                secretName.map(name -> new KmsSecret(kms, keys, name)),
                settings.user(),
                password);
    }

    /** The regions whose instances the central API serves, by the endpoint table of Alibaba Cloud's SDK. */
    private static String tairHost(String region) {
        return switch (region) {
            case "cn-qingdao",
                    "cn-beijing",
                    "cn-wulanchabu",
                    "cn-hangzhou",
                    "cn-shanghai",
                    "cn-shenzhen",
                    "cn-heyuan",
                    "cn-guangzhou",
                    "cn-hongkong",
                    "ap-southeast-1" -> "r-kvstore";
            default -> "r-kvstore." + region;
        };
    }

    private static URI url(ProviderSettings settings, String option, String host) {
        return settings.url(option).orElseGet(() -> URI.create("https://" + host + ".aliyuncs.com"));
    }
}
