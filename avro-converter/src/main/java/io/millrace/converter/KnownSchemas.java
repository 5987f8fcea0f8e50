package io.millrace.converter;

import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;

/**
 * The schemas that a record without a registry may be written with, found by the CRC-64-AVRO fingerprint of their
 * parsing canonical form (Apache Avro specification, "Schema Fingerprints"). Immutable.
 */
final class KnownSchemas {

    /** Those of the events jar, in the order in which they must be parsed: a batch names the types of a change. */
    static final List<String> EVENTS = List.of("Change.avsc", "ChangeBatch.avsc", "ChangeKey.avsc");

    /** A schema and its fingerprint. */
    record Known(long fingerprint, Schema schema) {}

    private final Map<Long, Schema> schemas;

    private KnownSchemas(Map<Long, Schema> schemas) {
        this.schemas = Map.copyOf(schemas);
    }

    static KnownSchemas of(Collection<Schema> schemas) {
        Map<Long, Schema> byFingerprint = new LinkedHashMap<>();
        schemas.forEach(s -> byFingerprint.putIfAbsent(fingerprint(s), s));
        return new KnownSchemas(byFingerprint);
    }

    /** Those of the events jar: the current version of the contract, and every version that was published. */
    static KnownSchemas ofEvents() {
        Map<Long, Schema> byFingerprint = new LinkedHashMap<>();
        read("/avro/", byFingerprint);
        for (int version = 1; KnownSchemas.class.getResource(published(version) + EVENTS.get(0)) != null; version++) {
            read(published(version), byFingerprint);
        }
        return new KnownSchemas(byFingerprint);
    }

    static long fingerprint(Schema schema) {
        return SchemaNormalization.parsingFingerprint64(schema);
    }

    /** The schema of a fingerprint, or null. */
    Schema find(long fingerprint) {
        return schemas.get(fingerprint);
    }

    Collection<Schema> all() {
        return schemas.values();
    }

    private static String published(int version) {
        return "/avro/published/" + version + "/";
    }

    private static void read(String directory, Map<Long, Schema> into) {
        Schema.Parser parser = new Schema.Parser();
        for (String name : EVENTS) {
            try (InputStream in = KnownSchemas.class.getResourceAsStream(directory + name)) {
                if (in == null) {
                    throw new IllegalStateException("The events jar does not hold " + directory + name
                            + ": put the one of this version on the class path.");
                }
                Schema schema = parser.parse(in);
                into.putIfAbsent(fingerprint(schema), schema);
            } catch (IOException e) {
                throw new IllegalStateException("The events jar's " + directory + name + " cannot be read.", e);
            }
        }
    }
}
