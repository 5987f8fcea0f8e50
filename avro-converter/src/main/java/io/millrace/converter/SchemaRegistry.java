package io.millrace.converter;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.confluent.kafka.schemaregistry.ParsedSchema;
import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.rest.entities.RuleMode;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.confluent.kafka.serializers.AbstractKafkaAvroSerializer;
import io.confluent.kafka.serializers.KafkaAvroSerializerConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;

/**
 * The schemas of a registry, found as Confluent's own serializer finds them: it builds the client from the same settings
 * (address, TLS, authentication, proxy, {@code mock://}) and has the rules for subjects and versions. Safe for any
 * thread.
 */
final class SchemaRegistry extends AbstractKafkaAvroSerializer {

    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;

    private final boolean isKey;

    /**
     * A schema of the registry.
     *
     * @param version within the subject; null when it is not known or not asked for
     */
    record Registered(int id, Integer version, Schema schema) {}

    private interface Request<T> {
        T send() throws IOException, RestClientException;
    }

    SchemaRegistry(Map<String, ?> settings, boolean isKey) {
        this.isKey = isKey;
        configure(new KafkaAvroSerializerConfig(settings));
    }

    /**
     * The schema to write records of a topic with: the one given, registered now or before, or the one that the settings
     * ask for (use.latest.version, use.latest.with.metadata, use.schema.id).
     */
    Registered schemaToWrite(String topic, Schema schema) {
        AvroSchema mine = new AvroSchema(schema);
        String subject = getSubjectName(topic, isKey, null, mine);
        String doing = "writing with subject " + subject;
        return ask(doing, () -> {
            if (autoRegisterSchema) {
                return new Registered(
                        registerWithResponse(subject, mine, normalizeSchema, propagateSchemaTags)
                                .getId(),
                        null,
                        schema);
            }
            if (useSchemaId >= 0) {
                return registered(useSchemaId, lookupSchemaBySubjectAndId(subject, useSchemaId, mine, idCompatStrict));
            }
            if (metadata != null) {
                ExtendedSchema latest = getLatestWithMetadata(subject);
                return registered(latest.getId(), latest.getSchema());
            }
            if (useLatestVersion) {
                ExtendedSchema latest = lookupLatestVersion(subject, mine, latestCompatStrict);
                return registered(latest.getId(), latest.getSchema());
            }
            return new Registered(schemaRegistry.getId(subject, mine, normalizeSchema), null, schema);
        });
    }

    /** The schema that a record of a topic names. */
    Registered schemaToRead(String topic, int id) {
        // A subject that is made of the record's name cannot be told before the schema; its context can.
        boolean named = strategyUsesSchema(isKey);
        String scope = named ? getContextName(topic) : getSubjectName(topic, isKey, null, null);
        ParsedSchema parsed = ask("reading schema " + id, () -> schemaRegistry.getSchemaBySubjectAndId(scope, id));
        refuseRules(parsed, RuleMode.READ);
        String subject = named ? getSubjectName(topic, isKey, null, parsed) : scope;
        return new Registered(id, version(subject, id, parsed), avro(parsed));
    }

    @Override
    public void close() {
        try {
            super.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Integer version(String subject, int id, ParsedSchema parsed) {
        if (subject == null) {
            return null;
        }
        return ask("reading the version of schema " + id + " of subject " + subject, () -> {
            try {
                return schemaRegistry.getVersion(subject, parsed);
            } catch (RestClientException e) {
                if (e.getStatus() == NOT_FOUND) {
                    // The record was copied from another topic, or the subject was deleted: there is no version.
                    return null;
                }
                throw e;
            }
        });
    }

    private static Registered registered(int id, ParsedSchema parsed) {
        refuseRules(parsed, RuleMode.WRITE);
        return new Registered(id, null, avro(parsed));
    }

    /** Rules may encrypt or reject; to leave them out without a word would be worse than to refuse. */
    private static void refuseRules(ParsedSchema parsed, RuleMode mode) {
        if (parsed.ruleSet() != null && parsed.ruleSet().hasRules(mode)) {
            throw new CodecFailure("the registered schema carries data contract rules, which this converter does not"
                    + " execute; use io.confluent.connect.avro.AvroConverter for this topic");
        }
    }

    private static Schema avro(ParsedSchema parsed) {
        if (parsed instanceof AvroSchema avro) {
            return avro.rawSchema();
        }
        throw new CodecFailure("the registered schema is of type " + parsed.schemaType()
                + ", not AVRO; configure the converter that wrote the topic");
    }

    private static <T> T ask(String doing, Request<T> request) {
        try {
            return request.send();
        } catch (RestClientException e) {
            throw refused(doing, e);
        } catch (JsonProcessingException e) {
            throw new ConnectException(
                    "What schema.registry.url names did not answer as a schema registry does (" + doing
                            + "); check the address and its path.",
                    e);
        } catch (IOException e) {
            if (e.getClass() == IOException.class
                    && e.getMessage() != null
                    && e.getMessage().startsWith("Incompatible")) {
                throw new CodecFailure(
                        "the registered schema is not compatible with that of the records: " + e.getMessage());
            }
            throw new RetriableException(
                    "The schema registry cannot be reached (" + doing + "): " + e + ". Set errors.retry.timeout of the"
                            + " connector to have it tried again.",
                    e);
        }
    }

    private static RuntimeException refused(String doing, RestClientException e) {
        String answer = "status " + e.getStatus() + ", " + e.getMessage();
        int status = e.getStatus();
        if (status == 408 || status == 429 || status >= 500) {
            return new RetriableException(
                    "The schema registry is not able to answer (" + doing + "): " + answer + ".", e);
        }
        if (status == 401 || status == 403) {
            return new ConnectException(
                    "The schema registry refused the credentials (" + doing + "): " + answer
                            + ". Check basic.auth.credentials.source and basic.auth.user.info, or the bearer.auth"
                            + " settings.",
                    e);
        }
        if (status == NOT_FOUND) {
            return new CodecFailure("the schema registry does not know the schema (" + doing + "): " + answer
                    + "; register it, set auto.register.schemas=true, or check schema.registry.url");
        }
        if (status == CONFLICT) {
            return new CodecFailure(
                    "the schema registry refuses the schema as incompatible (" + doing + "): " + answer);
        }
        return new CodecFailure("the schema registry refused the request (" + doing + "): " + answer);
    }
}
