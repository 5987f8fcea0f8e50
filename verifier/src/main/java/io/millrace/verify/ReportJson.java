package io.millrace.verify;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.HexFormat;

/** The report as JSON. */
final class ReportJson {
    private ReportJson() {}

    static String of(VerifyReport report) {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
            json.useDefaultPrettyPrinter();
            json.writeStartObject();
            json.writeBooleanField("equal", report.isEqual());
            json.writeNumberField("keysCompared", report.keysCompared());
            json.writeNumberField("elapsedMs", report.elapsed().toMillis());
            json.writeArrayFieldStart("databases");
            for (int database : report.databases()) {
                json.writeStartObject();
                json.writeNumberField("database", database);
                json.writeNumberField("sourceKeys", report.sourceKeys().getOrDefault(database, 0L));
                json.writeNumberField("targetKeys", report.targetKeys().getOrDefault(database, 0L));
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeNumberField("differenceCount", report.differenceCount());
            json.writeObjectFieldStart("differencesByKind");
            for (Difference.Kind kind : Difference.Kind.values()) {
                json.writeNumberField(kind.label(), report.counts().getOrDefault(kind, 0L));
            }
            json.writeEndObject();
            json.writeArrayFieldStart("differences");
            for (Difference difference : report.differences()) {
                write(json, difference);
            }
            json.writeEndArray();
            json.writeArrayFieldStart("notes");
            for (String note : report.notes()) {
                json.writeString(note);
            }
            json.writeEndArray();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString();
    }

    private static void write(JsonGenerator json, Difference difference) throws IOException {
        json.writeStartObject();
        if (difference.database() >= 0) {
            json.writeNumberField("database", difference.database());
        }
        json.writeStringField("key", difference.printableKey());
        json.writeStringField("keyHex", HexFormat.of().formatHex(difference.key()));
        json.writeStringField("kind", difference.kind().label());
        json.writeStringField("source", difference.source());
        json.writeStringField("target", difference.target());
        json.writeEndObject();
    }
}
