package io.millrace.converter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.avro.Schema;

/** Schemas with and without their documentation. */
final class DocumentedSchemas {

    private DocumentedSchemas() {}

    static Schema withoutDocs(Schema schema) {
        try {
            JsonNode json = new ObjectMapper().readTree(schema.toString());
            strip(json);
            return new Schema.Parser().parse(json.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void strip(JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.remove("doc");
        }
        node.forEach(DocumentedSchemas::strip);
    }
}
