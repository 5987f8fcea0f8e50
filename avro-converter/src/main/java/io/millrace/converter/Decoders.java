package io.millrace.converter;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Date;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Time;
import org.apache.kafka.connect.data.Timestamp;

/** The decoders that structs are made of. */
final class Decoders {

    static final ValueDecoder INT8 = new ValueDecoder() {
        @Override
        Object decode(AvroInput in) {
            int value = in.int32();
            if (value != (byte) value) {
                throw in.failure(value + " does not fit INT8");
            }
            return (byte) value;
        }
    };

    static final ValueDecoder INT16 = new ValueDecoder() {
        @Override
        Object decode(AvroInput in) {
            int value = in.int32();
            if (value != (short) value) {
                throw in.failure(value + " does not fit INT16");
            }
            return (short) value;
        }
    };

    static final ValueDecoder INT32 = new ValueDecoder() {
        @Override
        Object decode(AvroInput in) {
            return in.int32();
        }
    };

    static final ValueDecoder INT64 = new ValueDecoder() {
        @Override
        Object decode(AvroInput in) {
            return in.int64();
        }
    };

    static final ValueDecoder FLOAT32 = new ValueDecoder() {
        @Override
        Object decode(AvroInput in) {
            return in.float32();
        }

        @Override
        int leastBytes() {
            return 4;
        }
    };

    static final ValueDecoder FLOAT64 = new ValueDecoder() {
        @Override
        Object decode(AvroInput in) {
            return in.float64();
        }

        @Override
        int leastBytes() {
            return 8;
        }
    };

    static final ValueDecoder BOOLEAN = new ValueDecoder() {
        @Override
        Object decode(AvroInput in) {
            return in.bool();
        }
    };

    static final ValueDecoder STRING = new ValueDecoder() {
        @Override
        Object decode(AvroInput in) {
            return in.string();
        }
    };

    /** A buffer, as AvroData has it, over an array of its own: Struct.getBytes hands out the whole array. */
    static final ValueDecoder BYTES = new ValueDecoder() {
        @Override
        Object decode(AvroInput in) {
            return ByteBuffer.wrap(in.bytes());
        }
    };

    /** The rest of the record: how Confluent's serializer writes a record that is bytes and nothing else. */
    static final ValueDecoder RAW_BYTES = new ValueDecoder() {
        @Override
        Object decode(AvroInput in) {
            return ByteBuffer.wrap(in.raw(in.remaining()));
        }

        @Override
        int leastBytes() {
            return 0;
        }
    };

    static final ValueDecoder DATE = new ValueDecoder() {
        @Override
        Object decode(AvroInput in) {
            return Date.toLogical(Date.SCHEMA, in.int32());
        }
    };

    static final ValueDecoder TIME = new ValueDecoder() {
        @Override
        Object decode(AvroInput in) {
            return Time.toLogical(Time.SCHEMA, in.int32());
        }
    };

    static final ValueDecoder TIMESTAMP = new ValueDecoder() {
        @Override
        Object decode(AvroInput in) {
            return Timestamp.toLogical(Timestamp.SCHEMA, in.int64());
        }
    };

    static final ValueDecoder NULL = new ValueDecoder() {
        @Override
        Object decode(AvroInput in) {
            return null;
        }

        @Override
        int leastBytes() {
            return 0;
        }
    };

    private Decoders() {}

    static ValueDecoder decimal(Schema schema, ValueDecoder bytes) {
        return new ValueDecoder() {
            @Override
            Object decode(AvroInput in) {
                return Decimal.toLogical(schema, unscaled(in, ((ByteBuffer) bytes.decode(in)).array()));
            }

            @Override
            int leastBytes() {
                return bytes.leastBytes();
            }
        };
    }

    static ValueDecoder fixed(int size) {
        return new ValueDecoder() {
            @Override
            Object decode(AvroInput in) {
                return ByteBuffer.wrap(in.raw(size));
            }

            @Override
            int leastBytes() {
                return size;
            }
        };
    }

    static ValueDecoder symbol(List<String> symbols) {
        return new ValueDecoder() {
            @Override
            Object decode(AvroInput in) {
                return symbols.get(in.index(symbols.size()));
            }
        };
    }

    static ValueDecoder array(ValueDecoder element) {
        return new ValueDecoder() {
            @Override
            Object decode(AvroInput in) {
                ArrayList<Object> elements = null;
                int index = 0;
                for (int count = in.block(element.leastBytes(), 0);
                        count > 0;
                        count = in.block(element.leastBytes(), index)) {
                    if (elements == null) {
                        elements = new ArrayList<>(count);
                    }
                    for (int i = 0; i < count; i++) {
                        try {
                            elements.add(element.decode(in));
                        } catch (CodecFailure e) {
                            throw e.within("[" + index + "]");
                        }
                        index++;
                    }
                }
                return elements == null ? new ArrayList<>(0) : elements;
            }
        };
    }

    /** A map, or as AvroData has it for keys that are not strings, an array of records of key and value. */
    static ValueDecoder map(ValueDecoder key, ValueDecoder content) {
        return new ValueDecoder() {
            @Override
            Object decode(AvroInput in) {
                Map<Object, Object> map = new HashMap<>();
                int least = key.leastBytes() + content.leastBytes();
                int before = 0;
                for (int count = in.block(least, 0); count > 0; count = in.block(least, before)) {
                    for (int i = 0; i < count; i++) {
                        try {
                            Object found = key.decode(in);
                            map.put(found, content.decode(in));
                        } catch (CodecFailure e) {
                            throw e.within("[]");
                        }
                    }
                    before += count;
                }
                return map;
            }
        };
    }

    /** The value of whichever branch of a union the record names. */
    static ValueDecoder branch(ValueDecoder[] branches) {
        return new ValueDecoder() {
            @Override
            Object decode(AvroInput in) {
                ValueDecoder named = branches[in.index(branches.length)];
                return named == NULL ? null : named.decode(in);
            }
        };
    }

    /**
     * A union as the struct that stands for it ({@link ConnectUnion}).
     *
     * @param fields for each branch, the index of the struct's field; -1 for null
     */
    static ValueDecoder union(Schema schema, int[] fields, ValueDecoder[] branches) {
        return new ValueDecoder() {
            @Override
            Object decode(AvroInput in) {
                int branch = in.index(branches.length);
                if (fields[branch] < 0) {
                    return null;
                }
                return new Struct(schema).put(schema.fields().get(fields[branch]), branches[branch].decode(in));
            }
        };
    }

    private static byte[] unscaled(AvroInput in, byte[] bytes) {
        if (bytes.length == 0) {
            throw in.failure("a decimal has no digits");
        }
        return bytes;
    }
}
