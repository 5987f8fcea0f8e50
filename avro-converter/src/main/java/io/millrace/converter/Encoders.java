package io.millrace.converter;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.RandomAccess;
import org.apache.kafka.connect.data.Date;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Time;
import org.apache.kafka.connect.data.Timestamp;

/** The encoders that structs are made of. */
final class Encoders {

    static final ValueEncoder INT8 = new ValueEncoder() {
        @Override
        void encode(Object value, AvroOutput out) {
            if (!(value instanceof Byte number)) {
                throw mismatch("INT8", value);
            }
            out.int32(number);
        }
    };

    static final ValueEncoder INT16 = new ValueEncoder() {
        @Override
        void encode(Object value, AvroOutput out) {
            if (!(value instanceof Short number)) {
                throw mismatch("INT16", value);
            }
            out.int32(number);
        }
    };

    static final ValueEncoder INT32 = new ValueEncoder() {
        @Override
        void encode(Object value, AvroOutput out) {
            if (!(value instanceof Integer number)) {
                throw mismatch("INT32", value);
            }
            out.int32(number);
        }
    };

    static final ValueEncoder INT64 = new ValueEncoder() {
        @Override
        void encode(Object value, AvroOutput out) {
            if (!(value instanceof Long number)) {
                throw mismatch("INT64", value);
            }
            out.int64(number);
        }
    };

    static final ValueEncoder FLOAT32 = new ValueEncoder() {
        @Override
        void encode(Object value, AvroOutput out) {
            if (!(value instanceof Float number)) {
                throw mismatch("FLOAT32", value);
            }
            out.float32(number);
        }
    };

    static final ValueEncoder FLOAT64 = new ValueEncoder() {
        @Override
        void encode(Object value, AvroOutput out) {
            if (!(value instanceof Double number)) {
                throw mismatch("FLOAT64", value);
            }
            out.float64(number);
        }
    };

    static final ValueEncoder BOOLEAN = new ValueEncoder() {
        @Override
        void encode(Object value, AvroOutput out) {
            if (!(value instanceof Boolean flag)) {
                throw mismatch("BOOLEAN", value);
            }
            out.bool(flag);
        }
    };

    static final ValueEncoder STRING = new ValueEncoder() {
        @Override
        void encode(Object value, AvroOutput out) {
            if (!(value instanceof String text)) {
                throw mismatch("STRING", value);
            }
            out.string(text);
        }
    };

    static final ValueEncoder BYTES = new ValueEncoder() {
        @Override
        void encode(Object value, AvroOutput out) {
            if (value instanceof byte[] bytes) {
                out.bytes(bytes);
            } else if (value instanceof ByteBuffer buffer) {
                out.bytes(buffer);
            } else {
                throw mismatch("BYTES", value);
            }
        }
    };

    /** Bytes without their length: how Confluent's serializer writes a record that is bytes and nothing else. */
    static final ValueEncoder RAW_BYTES = new ValueEncoder() {
        @Override
        void encode(Object value, AvroOutput out) {
            if (value instanceof byte[] bytes) {
                out.raw(bytes);
            } else if (value instanceof ByteBuffer buffer) {
                out.raw(buffer);
            } else {
                throw mismatch("BYTES", value);
            }
        }
    };

    static final ValueEncoder DATE = new ValueEncoder() {
        @Override
        void encode(Object value, AvroOutput out) {
            out.int32(Date.fromLogical(Date.SCHEMA, instant("Date", value)));
        }
    };

    static final ValueEncoder TIME = new ValueEncoder() {
        @Override
        void encode(Object value, AvroOutput out) {
            out.int32(Time.fromLogical(Time.SCHEMA, instant("Time", value)));
        }
    };

    static final ValueEncoder TIMESTAMP = new ValueEncoder() {
        @Override
        void encode(Object value, AvroOutput out) {
            out.int64(Timestamp.fromLogical(Timestamp.SCHEMA, instant("Timestamp", value)));
        }
    };

    /** So many elements are found by their index soon enough, whatever the list. */
    private static final int FEW = 8;

    private Encoders() {}

    static ValueEncoder decimal(Schema schema, ValueEncoder bytes) {
        return new ValueEncoder() {
            @Override
            void encode(Object value, AvroOutput out) {
                if (!(value instanceof BigDecimal decimal)) {
                    throw mismatch("Decimal", value);
                }
                bytes.encode(Decimal.fromLogical(schema, decimal), out);
            }
        };
    }

    static ValueEncoder fixed(int size) {
        return new ValueEncoder() {
            @Override
            void encode(Object value, AvroOutput out) {
                int length = value instanceof byte[] bytes
                        ? bytes.length
                        : value instanceof ByteBuffer buffer ? buffer.remaining() : size;
                if (length != size) {
                    throw new CodecFailure(length + " bytes stand where the schema has exactly " + size);
                }
                RAW_BYTES.encode(value, out);
            }
        };
    }

    static ValueEncoder symbol(org.apache.avro.Schema schema) {
        return new ValueEncoder() {
            @Override
            void encode(Object value, AvroOutput out) {
                if (!(value instanceof String text)) {
                    throw mismatch("STRING", value);
                }
                if (!schema.hasEnumSymbol(text)) {
                    throw new CodecFailure("'" + text + "' is not a symbol of the enum " + schema.getFullName());
                }
                out.int32(schema.getEnumOrdinal(text));
            }
        };
    }

    static ValueEncoder array(ValueEncoder element) {
        return new ValueEncoder() {
            @Override
            void encode(Object value, AvroOutput out) {
                if (value instanceof List<?> list) {
                    elements(element, list, out);
                } else if (value instanceof Collection<?> others) {
                    elements(element, new ArrayList<>(others), out);
                } else {
                    throw mismatch("ARRAY", value);
                }
                out.int32(0);
            }
        };
    }

    private static void elements(ValueEncoder element, List<?> list, AvroOutput out) {
        int count = list.size();
        if (count == 0) {
            return;
        }
        out.int64(count);
        // To ask for a second interface of a class costs more than all else here: a few are found soon in any list.
        if (count <= FEW || list instanceof RandomAccess) {
            for (int i = 0; i < count; i++) {
                element(element, list.get(i), i, out);
            }
        } else {
            int i = 0;
            for (Object each : list) {
                element(element, each, i++, out);
            }
        }
    }

    /** A map, or as AvroData has it for keys that are not strings, an array of records of key and value. */
    static ValueEncoder map(ValueEncoder key, ValueEncoder content) {
        return new ValueEncoder() {
            @Override
            void encode(Object value, AvroOutput out) {
                if (!(value instanceof Map<?, ?> map)) {
                    throw mismatch("MAP", value);
                }
                if (!map.isEmpty()) {
                    out.int64(map.size());
                    for (Map.Entry<?, ?> entry : map.entrySet()) {
                        try {
                            key.encode(entry.getKey(), out);
                        } catch (CodecFailure e) {
                            throw e.within("[a key]");
                        }
                        try {
                            content.encode(entry.getValue(), out);
                        } catch (CodecFailure e) {
                            throw e.within("[a value]");
                        }
                    }
                }
                out.int32(0);
            }
        };
    }

    /** The branch of a union that a value is, or null. */
    static ValueEncoder branch(int nullIndex, int index, ValueEncoder content) {
        return new ValueEncoder() {
            @Override
            void encode(Object value, AvroOutput out) {
                if (value == null && nullIndex >= 0) {
                    out.int32(nullIndex);
                } else {
                    out.int32(index);
                    content.encode(value, out);
                }
            }

            @Override
            int nullBranch() {
                return nullIndex;
            }
        };
    }

    /** Bytes that stand for a record's default value, whatever the value. */
    static ValueEncoder constant(byte[] encoded) {
        return new ValueEncoder() {
            @Override
            void encode(Object value, AvroOutput out) {
                out.raw(encoded);
            }
        };
    }

    static CodecFailure mismatch(String expected, Object value) {
        return new CodecFailure(
                value == null
                        ? "null stands where the schema has a required " + expected
                        : "a value of " + value.getClass().getName() + " stands where the schema has " + expected);
    }

    private static void element(ValueEncoder encoder, Object value, int index, AvroOutput out) {
        try {
            encoder.encode(value, out);
        } catch (CodecFailure e) {
            throw e.within("[" + index + "]");
        }
    }

    private static java.util.Date instant(String expected, Object value) {
        if (!(value instanceof java.util.Date instant)) {
            throw mismatch(expected, value);
        }
        return instant;
    }
}
