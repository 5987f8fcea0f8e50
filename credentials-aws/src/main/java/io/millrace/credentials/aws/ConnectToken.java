package io.millrace.credentials.aws;

import io.millrace.endpoint.Secret;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner.AuthLocation;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/**
 * The password of a connection: a presigned request to "connect", without its scheme (ElastiCache user guide, "Authenticating
 * with IAM"; MemoryDB the same with its own service name). It is made here and sent nowhere but to the server.
 *
 * @param service the name that is signed for: elasticache or memorydb
 * @param cache the cache's name in lower case, which stands in the place of a host
 */
record ConnectToken(String service, String region, String cache, String user, boolean serverless, Clock clock) {

    /** The longest that the services take. A connection that stands stays when its token has run out. */
    private static final Duration VALIDITY = Duration.ofMinutes(15);

    private static final String SCHEME = "http://";

    Secret signedWith(AwsCredentialsIdentity identity) {
        SdkHttpRequest.Builder request = SdkHttpFullRequest.builder()
                .method(SdkHttpMethod.GET)
                .uri(URI.create(SCHEME + cache + "/"))
                .putRawQueryParameter("Action", "connect")
                .putRawQueryParameter("User", user);
        if (serverless) {
            request.putRawQueryParameter("ResourceType", "ServerlessCache");
        }
        String url = AwsV4HttpSigner.create()
                .sign(signing -> signing.identity(identity)
                        .request(request.build())
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, service)
                        .putProperty(AwsV4HttpSigner.REGION_NAME, region)
                        .putProperty(AwsV4HttpSigner.AUTH_LOCATION, AuthLocation.QUERY_STRING)
                        .putProperty(AwsV4HttpSigner.EXPIRATION_DURATION, VALIDITY)
                        .putProperty(HttpSigner.SIGNING_CLOCK, clock))
                .request()
                .getUri()
                .toString();
        return Secret.of(url.substring(SCHEME.length()));
    }
}
