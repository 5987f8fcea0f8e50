package io.millrace.source.assemble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.change.Command;
import io.millrace.change.CommandChange;
import io.millrace.change.Expiry;
import io.millrace.change.Origin;
import io.millrace.command.CommandTable;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandSplitterTest {

    private static final int LIMIT = 70_000;
    private static final Origin ORIGIN =
            new Origin("0", 1, "a".repeat(40), 1, Origin.UNKNOWN, Origin.UNKNOWN, Map.of());

    private final CommandSplitter splitter = new CommandSplitter(LIMIT);
    private final CommandDictionary dictionary = new CommandDictionary(CommandTable.standard(), t -> t);

    private Command command(List<byte[]> argv) {
        byte[][] all = argv.toArray(new byte[0][]);
        return dictionary.command(dictionary.find(all[0]), all);
    }

    private List<Command> split(List<byte[]> argv) throws Exception {
        Command command = command(argv);
        assertThat(splitter.isTooLarge(command)).isTrue();
        List<Command> parts = new ArrayList<>();
        for (Iterator<Command> it = splitter.split(command, 99); it.hasNext(); ) {
            parts.add(it.next());
        }
        assertThat(parts).allSatisfy(part -> {
            assertThat(ChangeSize.of(new CommandChange(ORIGIN, 0, 99, part, Expiry.NONE, null, null)))
                    .isLessThanOrEqualTo(LIMIT);
            List<byte[]> again = new ArrayList<>(List.of(part.args()));
            again.add(0, ascii(part.name()));
            assertThat(part.keys())
                    .as("keys of each part")
                    .isEqualTo(command(again).keys());
        });
        return parts;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static List<byte[]> argv(String... head) {
        List<byte[]> argv = new ArrayList<>();
        for (String word : head) {
            argv.add(ascii(word));
        }
        return argv;
    }

    private static List<byte[]> withElements(int count, String... head) {
        List<byte[]> argv = argv(head);
        for (int i = 0; i < count; i++) {
            argv.add(ascii(i + "-" + "e".repeat(i % 50)));
        }
        return argv;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "RPUSH k", "LPUSH k", "SADD k", "SREM k", "HSET k", "HDEL k", "ZREM k", "PFADD k", "DEL", "UNLINK",
                "MSET"
            })
    void takesLongListsApartInOrder(String head) throws Exception {
        List<byte[]> argv = withElements(20_000, head.split(" "));
        int fixed = head.split(" ").length - 1;
        List<byte[]> elements = new ArrayList<>();
        for (Command part : split(argv)) {
            assertThat(part.name()).isEqualTo(head.split(" ")[0]);
            for (int i = fixed; i < part.args().length; i++) {
                elements.add(part.args()[i]);
            }
        }
        assertThat(elements).containsExactlyElementsOf(argv.subList(fixed + 1, argv.size()));
    }

    @Test
    void repeatsTheFlagsOfZadd() throws Exception {
        List<byte[]> argv = argv("ZADD", "z", "gt", "CH");
        for (int i = 0; i < 10_000; i++) {
            argv.add(ascii(Integer.toString(i)));
            argv.add(ascii("member-" + i));
        }
        assertThat(split(argv)).hasSizeGreaterThan(2).allSatisfy(part -> {
            assertThat(part.args()[1]).isEqualTo(ascii("gt"));
            assertThat(part.args()[2]).isEqualTo(ascii("CH"));
            assertThat(part.args().length % 2).isEqualTo(1);
        });
    }

    @Test
    void writesAStringAndAppendsToIt() throws Exception {
        for (String form : List.of("SET k ? PXAT 1790000060000", "PSETEX k 1000 ?", "SETNX k ?", "APPEND k ?")) {
            List<byte[]> argv = argv(form.split(" "));
            int at = form.split(" ")[2].equals("?") ? 2 : 3;
            byte[] value = new byte[300_000];
            new java.util.Random(1).nextBytes(value);
            argv.set(at, value);
            ByteArrayOutputStream joined = new ByteArrayOutputStream();
            List<Command> parts = split(argv);
            for (Command part : parts) {
                boolean head = joined.size() == 0;
                assertThat(part.name()).isEqualTo(head ? form.split(" ")[0] : "APPEND");
                joined.writeBytes(part.args()[head ? at - 1 : 1]);
            }
            assertThat(joined.toByteArray()).isEqualTo(value);
        }
    }

    @Test
    void writesRangesBehindEachOther() throws Exception {
        List<byte[]> argv = argv("SETRANGE", "k", "10");
        argv.add(new byte[200_000]);
        long next = 10;
        for (Command part : split(argv)) {
            assertThat(new String(part.args()[1], StandardCharsets.US_ASCII)).isEqualTo(Long.toString(next));
            next += part.args()[2].length;
        }
        assertThat(next).isEqualTo(200_010);
    }

    @Test
    void splitsTheLargeValueOfAPair() throws Exception {
        List<byte[]> argv = argv("MSET", "a", "1", "b");
        argv.add(new byte[200_000]);
        assertThat(split(argv)).extracting(Command::name).containsExactly("SET", "SET", "APPEND", "APPEND");
    }

    @Test
    void saysWhatCannotBeSplit() {
        List<byte[]> oneField = argv("HSET", "cart:\u00017", "f");
        oneField.add(new byte[200_000]);
        List<byte[]> publish = argv("PUBLISH", "channel");
        publish.add(new byte[200_000]);
        assertThatThrownBy(() -> split(oneField))
                .isInstanceOf(TooLargeException.class)
                .hasMessageContaining("HSET")
                .hasMessageContaining("\"cart:\\x017\"")
                .hasMessageContaining("2000")
                .hasMessageContaining("record.max.bytes=70000")
                .hasMessageContaining("max.request.size");
        assertThatThrownBy(() -> split(publish)).isInstanceOf(TooLargeException.class);
    }
}
