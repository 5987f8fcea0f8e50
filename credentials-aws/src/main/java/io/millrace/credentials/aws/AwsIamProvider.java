package io.millrace.credentials.aws;

import io.millrace.credentials.CredentialProvider;
import io.millrace.credentials.InvalidProviderOptionException;
import io.millrace.credentials.ProviderOption;
import io.millrace.credentials.ProviderSettings;
import io.millrace.endpoint.Credentials;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A login by IAM to ElastiCache or MemoryDB: the password is a signed request that the server has IAM check. */
public final class AwsIamProvider implements CredentialProvider {

    public static final String NAME = "aws-iam";

    static final String CACHE_NAME = "cache.name";
    static final String SERVICE = "service";
    static final String SERVERLESS = "serverless";
    static final String REGION = "region";
    static final String ACCESS_KEY_ID = "access.key.id";
    static final String SECRET_ACCESS_KEY = "secret.access.key";
    static final String SESSION_TOKEN = "session.token";
    static final String ROLE_ARN = "role.arn";
    static final String EXTERNAL_ID = "role.external.id";
    static final String STS_ENDPOINT = "sts.endpoint";

    private static final Set<String> SERVICES = Set.of("elasticache", "memorydb");

    private final Clock clock;
    private final Map<String, String> environment;

    public AwsIamProvider() {
        this(Clock.systemUTC(), System.getenv());
    }

    AwsIamProvider(Clock clock, Map<String, String> environment) {
        this.clock = clock;
        this.environment = environment;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<ProviderOption> options() {
        return List.of(
                ProviderOption.text(
                        CACHE_NAME,
                        "Name of the replication group, serverless cache or MemoryDB cluster, as the console shows it. The"
                                + " user is that of redis.user."),
                ProviderOption.text(SERVICE, "elasticache (the default) or memorydb."),
                ProviderOption.text(SERVERLESS, "true where the cache is a serverless one of ElastiCache."),
                ProviderOption.text(REGION, "Region of the cache; empty takes AWS_REGION of the environment."),
                ProviderOption.text(
                        ACCESS_KEY_ID,
                        "Access key of the identity that asks. Empty, together with the next two, looks where AWS's SDK"
                                + " does: environment, profile, web identity, container, instance."),
                ProviderOption.secret(SECRET_ACCESS_KEY, "Secret of the access key."),
                ProviderOption.secret(SESSION_TOKEN, "Session token, where the access key is a temporary one."),
                ProviderOption.text(ROLE_ARN, "Role to assume first, also one of another account."),
                ProviderOption.text(EXTERNAL_ID, "External id that the role's trust policy asks for."),
                ProviderOption.text(STS_ENDPOINT, "URL of STS, where it is not the region's own."));
    }

    @Override
    public Credentials credentials(ProviderSettings settings) {
        String cache = settings.required(CACHE_NAME, "the provider aws-iam needs the name of the cache.");
        if (settings.user().isEmpty()) {
            throw new InvalidProviderOptionException(
                    CACHE_NAME, "the provider aws-iam needs the user in redis.user, whose id and name are the same.");
        }
        String service = settings.option(SERVICE).orElse("elasticache");
        if (!SERVICES.contains(service)) {
            throw new InvalidProviderOptionException(SERVICE, "the service is elasticache or memorydb.");
        }
        boolean serverless = settings.option(SERVERLESS).filter("true"::equals).isPresent();
        String region = settings.option(REGION)
                .or(() -> Optional.ofNullable(environment.get("AWS_REGION")))
                .filter(name -> !name.isEmpty())
                .orElseThrow(() -> new InvalidProviderOptionException(
                        REGION, "the provider aws-iam needs the region, for example eu-central-1."));
        settings.requireBothOrNeither(
                ACCESS_KEY_ID, SECRET_ACCESS_KEY, "an access key and its secret go together: set both or neither.");
        AwsIdentity identity = new AwsIdentity(
                region,
                settings.option(ACCESS_KEY_ID),
                settings.option(SECRET_ACCESS_KEY),
                settings.option(SESSION_TOKEN),
                settings.option(ROLE_ARN),
                settings.option(EXTERNAL_ID),
                settings.url(STS_ENDPOINT));
        return new AwsIamCredentials(
                new ConnectToken(service, region, cache.toLowerCase(Locale.ROOT), settings.user(), serverless, clock),
                identity,
                clock);
    }
}
