package io.millrace.credentials.aws;

import io.millrace.endpoint.CredentialsException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.StsClientBuilder;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;

/**
 * Who signs: a configured key or what AWS's SDK finds, and the role that it assumes. The SDK keeps what it has got until
 * shortly before it runs out. Thread-safe; nothing is connected to before the first question.
 */
final class AwsIdentity {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Set<String> TRANSIENT = Set.of(
            "ExpiredToken", "ExpiredTokenException", "RequestExpired", "RequestTimeout", "IDPCommunicationError");

    private final String region;
    private final Optional<String> keyId;
    private final Optional<String> secret;
    private final Optional<String> sessionToken;
    private final Optional<String> role;
    private final Optional<String> externalId;
    private final Optional<URI> stsEndpoint;
    private AwsCredentialsProvider provider;

    AwsIdentity(
            String region,
            Optional<String> keyId,
            Optional<String> secret,
            Optional<String> sessionToken,
            Optional<String> role,
            Optional<String> externalId,
            Optional<URI> stsEndpoint) {
        this.region = region;
        this.keyId = keyId;
        this.secret = secret;
        this.sessionToken = sessionToken;
        this.role = role;
        this.externalId = externalId;
        this.stsEndpoint = stsEndpoint;
    }

    /** @throws CredentialsException with AWS's code, and nothing of its text: that may repeat what was signed */
    AwsCredentialsIdentity resolve() {
        try {
            return provider().resolveCredentials();
        } catch (AwsServiceException e) {
            throw refused(e);
        } catch (SdkException e) {
            throw CredentialsException.retryable(
                    role.isPresent() && keyId.isPresent()
                            ? "STS of AWS does not answer"
                            : "AWS's SDK finds no credentials in environment, profile, web identity, container or instance,"
                                    + " or STS of AWS does not answer");
        }
    }

    private CredentialsException refused(AwsServiceException e) {
        String code = e.awsErrorDetails() == null || e.awsErrorDetails().errorCode() == null
                ? "status " + e.statusCode()
                : e.awsErrorDetails().errorCode();
        if (e.isThrottlingException()) {
            return CredentialsException.retryable("AWS answers too many requests for now (" + code + ")");
        }
        if (e.statusCode() >= 500 || TRANSIENT.contains(code)) {
            return CredentialsException.retryable("AWS gives no credentials at the moment (" + code + ")");
        }
        if (e.isClockSkewException()) {
            return CredentialsException.lasting("AWS refuses the time of this machine (" + code + "); set its clock");
        }
        return CredentialsException.lasting(role.map(arn -> "AWS does not let this identity assume the role " + arn
                        + " (" + code + "); let the role's trust policy name it, and the identity have sts:AssumeRole")
                .orElse("AWS refuses the identity (" + code + ")"));
    }

    private synchronized AwsCredentialsProvider provider() {
        if (provider == null) {
            AwsCredentialsProvider own = keyId.map(this::configured)
                    .orElseGet(() -> DefaultCredentialsProvider.builder().build());
            provider = role.map(arn -> assuming(arn, own)).orElse(own);
        }
        return provider;
    }

    private AwsCredentialsProvider configured(String id) {
        return StaticCredentialsProvider.create(sessionToken
                .<software.amazon.awssdk.auth.credentials.AwsCredentials>map(
                        token -> AwsSessionCredentials.create(id, secret.orElse(""), token))
                .orElseGet(() -> AwsBasicCredentials.create(id, secret.orElse(""))));
    }

    private AwsCredentialsProvider assuming(String arn, AwsCredentialsProvider own) {
        StsClientBuilder sts = StsClient.builder()
                .region(Region.of(region))
                .credentialsProvider(own)
                .httpClientBuilder(UrlConnectionHttpClient.builder()
                        .connectionTimeout(TIMEOUT)
                        .socketTimeout(TIMEOUT));
        stsEndpoint.ifPresent(sts::endpointOverride);
        AssumeRoleRequest request = AssumeRoleRequest.builder()
                .roleArn(arn)
                .roleSessionName("millrace")
                .externalId(externalId.orElse(null))
                .build();
        return StsAssumeRoleCredentialsProvider.builder()
                .stsClient(sts.build())
                .refreshRequest(request)
                .build();
    }
}
