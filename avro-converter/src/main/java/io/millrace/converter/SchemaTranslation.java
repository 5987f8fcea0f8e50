package io.millrace.converter;

import io.confluent.connect.avro.AvroData;
import io.confluent.connect.avro.AvroDataConfig;
import java.util.Map;
import org.apache.kafka.connect.data.ConnectSchema;
import org.apache.kafka.connect.data.Schema;

/**
 * From Connect schemas to Avro schemas and back, by Confluent's {@link AvroData}, so that what is registered and what is
 * read are the same with either converter. Used once a schema, never for a record. Safe for any thread.
 */
final class SchemaTranslation {

    private final AvroData avroData;
    private final KnownSchemas published;
    private final boolean defaults;

    SchemaTranslation(Map<String, ?> settings, KnownSchemas published) {
        AvroDataConfig config = new AvroDataConfig(settings);
        this.avroData = new AvroData(config);
        this.published = published;
        this.defaults = !config.ignoreDefaultForNullables();
    }

    /**
     * The Avro schema of a Connect schema. Where it is a published one in all but its documentation, it is that one: the
     * registry then shows the documentation, and finds the schema when it was registered from the events jar.
     */
    synchronized org.apache.avro.Schema toAvro(Schema schema) {
        org.apache.avro.Schema made = avroData.fromConnectSchema(schema);
        org.apache.avro.Schema known = published.find(KnownSchemas.fingerprint(made));
        return made.equals(known) ? known : made;
    }

    ValueEncoder encoder(Schema from, org.apache.avro.Schema to) {
        return EncoderCompiler.compile(from, to, defaults);
    }

    /**
     * The Connect schema of an Avro schema.
     *
     * @param version of the schema in the registry, which the Connect schema takes over as AvroConverter's does; null
     *     when there is none
     */
    synchronized Schema toConnect(org.apache.avro.Schema schema, Integer version) {
        if (schema.equals(AvroData.ANYTHING_SCHEMA)) {
            throw new CodecFailure(
                    "it was written without a Connect schema, by AvroConverter; this converter needs one");
        }
        Schema translated = avroData.toConnectSchema(schema);
        return version == null || translated.version() != null || schema.getType() == org.apache.avro.Schema.Type.UNION
                ? translated
                : versioned(translated, version);
    }

    private static Schema versioned(Schema schema, Integer version) {
        boolean map = schema.type() == Schema.Type.MAP;
        return new ConnectSchema(
                schema.type(),
                schema.isOptional(),
                schema.defaultValue(),
                schema.name(),
                version,
                schema.doc(),
                schema.parameters(),
                schema.type() == Schema.Type.STRUCT ? schema.fields() : null,
                map ? schema.keySchema() : null,
                map || schema.type() == Schema.Type.ARRAY ? schema.valueSchema() : null);
    }
}
