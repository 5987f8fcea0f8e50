package io.millrace.converter;

import java.util.Map;
import org.apache.avro.AvroRuntimeException;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.connect.components.Versioned;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.storage.Converter;

/**
 * Converts between Connect's values and Avro, as Confluent's AvroConverter does and readable by it and by all of
 * Confluent's serializers, but straight between a struct and the bytes.
 *
 * <p>With {@code schema.registry.url}, records are in Confluent's wire format and all settings of AvroConverter apply,
 * save {@code scrub.invalid.names}. Without it they are in Avro single-object encoding with the schemas of the events
 * jar, and no registry is needed by anyone.
 *
 * <p>Null stays null, so that tombstones are tombstones. A record that cannot be converted is a {@link DataException};
 * a registry that cannot be reached for now is a {@link org.apache.kafka.connect.errors.RetriableException}, which Connect tries again for
 * {@code errors.retry.timeout}. Records are read with the schema that they were written with.
 *
 * <p>Safe for any thread once configured.
 */
public final class MillraceAvroConverter implements Converter, Versioned {

    private WireFormat format;

    @Override
    public void configure(Map<String, ?> configs, boolean isKey) {
        ConverterSettings.check(configs);
        KnownSchemas events = KnownSchemas.ofEvents();
        SchemaTranslation translation = new SchemaTranslation(configs, events);
        SingleObjectFormat singleObject = new SingleObjectFormat(events, translation);
        use(
                ConverterSettings.namesRegistry(configs)
                        ? new ConfluentFormat(new SchemaRegistry(configs, isKey), translation, singleObject)
                        : singleObject);
    }

    void use(WireFormat chosen) {
        this.format = chosen;
    }

    @Override
    public byte[] fromConnectData(String topic, Schema schema, Object value) {
        if (value == null && (schema == null || schema.isOptional())) {
            return null;
        }
        try {
            if (schema == null) {
                throw new CodecFailure("a value without a schema cannot be written as Avro; let the connector or a"
                        + " transform give it one");
            }
            if (value == null) {
                throw Encoders.mismatch(schema.type().name(), null);
            }
            return configured().write(topic, schema, value);
        } catch (CodecFailure e) {
            throw new DataException("A record of topic " + topic + " cannot be written as Avro: " + e.describe() + ".");
        } catch (DataException | AvroRuntimeException | SerializationException e) {
            throw new DataException("A record of topic " + topic + " cannot be written as Avro: " + e.getMessage(), e);
        }
    }

    @Override
    public SchemaAndValue toConnectData(String topic, byte[] value) {
        if (value == null) {
            return SchemaAndValue.NULL;
        }
        try {
            return configured().read(topic, value);
        } catch (CodecFailure e) {
            throw new DataException("A record of topic " + topic + " cannot be read as Avro: " + e.describe() + ".");
        } catch (DataException | AvroRuntimeException | SerializationException e) {
            throw new DataException("A record of topic " + topic + " cannot be read as Avro: " + e.getMessage(), e);
        }
    }

    @Override
    public ConfigDef config() {
        return ConverterSettings.definition();
    }

    @Override
    public String version() {
        return ConverterVersion.VERSION;
    }

    @Override
    public void close() {
        if (format != null) {
            format.close();
        }
    }

    private WireFormat configured() {
        if (format == null) {
            throw new IllegalStateException("configure() comes before conversion");
        }
        return format;
    }
}
