package io.millrace.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandTableTest {

    private static final CommandTable TABLE = CommandTable.standard();

    static byte[][] argv(String line) {
        return Arrays.stream(line.split(" "))
                .map(word -> (word.equals("''") ? "" : word).getBytes(StandardCharsets.ISO_8859_1))
                .toArray(byte[][]::new);
    }

    @Test
    void everyWriteHasItsEffectsWrittenDown() {
        List<String> writesWithoutEffects = TABLE.commands().stream()
                .flatMap(command -> command.subcommands().isEmpty()
                        ? java.util.stream.Stream.of(command)
                        : command.subcommands().stream())
                .filter(Command::isWrite)
                .filter(command -> !command.isListed())
                .map(Command::name)
                .toList();
        assertThat(writesWithoutEffects).isEmpty();
    }

    @Test
    void aSplitIsOnlySaidOfCommandsWithSeveralKeys() {
        assertThat(TABLE.commands().stream()
                        .filter(command -> command.split() != Split.NONE)
                        .map(Command::name))
                .containsExactlyInAnyOrder("DEL", "UNLINK", "TOUCH", "MSET", "MSETNX", "MSETEX");
    }

    @Test
    void namesAreFoundInAnyCase() {
        for (Command command : TABLE.commands()) {
            byte[] lower = command.name().toLowerCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII);
            assertThat(TABLE.find(lower)).isSameAs(command);
            lower[0] = (byte) (lower[0] - 32);
            assertThat(TABLE.find(lower)).isSameAs(command);
        }
    }

    @Property(tries = 500)
    void whatIsNoNameIsNotFound(@ForAll byte[] name) {
        String text = new String(name, StandardCharsets.ISO_8859_1).toUpperCase(Locale.ROOT);
        boolean known =
                TABLE.commands().stream().anyMatch(command -> command.name().equals(text));
        assertThat(TABLE.find(name) != null).isEqualTo(known);
    }

    @Test
    void subcommandsAreResolved() {
        assertThat(TABLE.find(argv("xgroup Create s g $")).name()).isEqualTo("XGROUP CREATE");
        assertThat(TABLE.find(argv("XGROUP NEWTHING s")).name()).isEqualTo("XGROUP");
        assertThat(TABLE.find(argv("FUNCTION LOAD x")).scope()).isEqualTo(Scope.ALL_NODES);
        assertThat(TABLE.find(argv("NOSUCH a"))).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "SET k v,1",
        "BITOP AND d a b,2 3 4",
        "XGROUP CREATE s g $ MKSTREAM,2",
        "ZUNIONSTORE d 2 a b WEIGHTS 1 2,1 3 4",
        "ZDIFFSTORE d 1 a,1 3",
        "EVAL return 0,''",
        "EVAL return 2 a b c,3 4",
        "FCALL f 1 k v,3",
        "LMPOP 2 a b LEFT COUNT 3,2 3",
        "BLMPOP 0 2 a b LEFT,3 4",
        "BZMPOP 1.5 1 a MIN,3",
        "BLPOP a b 0,1 2",
        "XREADGROUP GROUP STREAMS c COUNT 1 STREAMS a b 1 2,7 8",
        "XREADGROUP GROUP g c STREAMS a >,5",
        "MIGRATE h 1 k 0 10,3",
        "MIGRATE h 1 '' 0 10 COPY AUTH KEYS KEYS a b,10 11",
        "MIGRATE h 1 '' 0 10 AUTH2 KEYS KEYS KEYS a,10",
        "SORT k BY STORE GET STORE LIMIT 0 1,1",
        "SORT k LIMIT 0 1 STORE d,1 6",
        "SORT k STORE d STORE e,1 5",
        "GEORADIUS k 1 2 3 m STORE d,1 7",
        "GEORADIUS k 1 2 3 m STORE d STOREDIST e,1 9",
        "GEORADIUSBYMEMBER k m 3 m STORE d,1 6",
        "GEOSEARCHSTORE d s FROMMEMBER m BYRADIUS 1 m,1 2",
        "COPY a b DB 1 REPLACE,1 2",
        "PFMERGE d a b,1 2 3",
        "PFMERGE d,1",
        "SUNIONSTORE d a b,1 2 3",
        "MSET a 1 b 2,1 3",
        "MSETEX 2 a 1 b 2 PXAT 9,2 4",
        "FLUSHALL ASYNC,''",
        "SPUBLISH ch m,''",
        "PUBLISH ch m,''",
        "FUNCTION LOAD REPLACE x,''",
        "SWAPDB 0 1,''",
        "MOVE k 1,1",
    })
    void keysAreWhereTheServerSeesThem(String line, String positions) {
        int[] expected = positions.isEmpty()
                ? new int[0]
                : Arrays.stream(positions.split(" "))
                        .mapToInt(Integer::parseInt)
                        .toArray();
        byte[][] argv = argv(line);
        assertThat(TABLE.find(argv).keyPositions(argv)).containsExactly(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "SET k",
        "ZUNIONSTORE d x a",
        "ZUNIONSTORE d 3 a b",
        "EVAL return 99999999999 a",
        "LMPOP -1 a LEFT",
        "EVAL return 9223372036854775807 a"
    })
    void argumentsThatDoNotFitAreRefused(String line) {
        byte[][] argv = argv(line);
        assertThatThrownBy(() -> TABLE.find(argv).keyPositions(argv)).isInstanceOf(MalformedCommandException.class);
    }

    @Property(tries = 2000)
    void noArgumentsMakeItFailOtherwise(@ForAll List<String> arguments, @ForAll int pick) {
        List<Command> commands = TABLE.commands().stream().toList();
        Command command = commands.get(Math.floorMod(pick, commands.size()));
        byte[][] argv = new byte[arguments.size() + 1][];
        argv[0] = command.name().getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < arguments.size(); i++) {
            argv[i + 1] = arguments.get(i).getBytes(StandardCharsets.UTF_8);
        }
        try {
            assertThat(Arrays.stream(TABLE.find(argv).keyPositions(argv)).boxed())
                    .allMatch(position -> position > 0 && position < argv.length);
        } catch (MalformedCommandException e) {
            assertThat(e).hasMessageContaining(command.name());
        }
        TABLE.find(argv).replay(argv);
        TABLE.find(argv).expiry(argv);
    }

    @ParameterizedTest
    @CsvSource({
        "SET k v,SAFE",
        "SET k v PX 10,UNSAFE",
        "INCR k,UNSAFE",
        "ZADD k 1 m,SAFE",
        "ZADD k incr 1 m,UNSAFE",
        "RESTORE k 0 x,REFUSED",
        "RESTORE k 0 x REPLACE,SAFE",
        "XADD s 1-1 f v,REFUSED",
        "XTRIM s MINID 5,UNSAFE",
        "XTRIM s MAXLEN 5,UNSAFE",
        "GET k,SAFE",
        "PEXPIREAT k 5,EXPIRY",
        "GETEX k PERSIST,SAFE",
        "SET k v IFEQ w,UNSAFE"
    })
    void replayClasses(String line, Replay replay) {
        byte[][] argv = argv(line);
        assertThat(TABLE.find(argv).replay(argv)).isEqualTo(replay);
    }

    @ParameterizedTest
    @CsvSource({
        "PEXPIREAT k 1700000000123,2,1700000000123",
        "EXPIREAT k 1700000000 GT,2,1700000000000",
        "EXPIREAT k -5,2,-5000",
        "EXPIRE k 10,2,11000",
        "SETEX k 10 v,2,11000",
        "PSETEX k 10 v,2,1010",
        "SET k EX PXAT 1700000000123,4,1700000000123",
        "SET k v NX EX 10,5,11000",
        "SET k v IFEQ EX PX 7,6,1007",
        "SET k v exat 1700000000 GET,4,1700000000000",
        "GETEX k PXAT 5000,3,5000",
        "RESTORE k 500 payload REPLACE ABSTTL,2,500",
        "RESTORE k 500 payload REPLACE,2,1500",
        "HPEXPIREAT h 5000 FIELDS 1 f,2,5000",
        "HSETEX h FNX PXAT 5000 FIELDS 1 f v,4,5000",
        "MSETEX 2 a 1 PX 2 PXAT 5000,7,5000"
    })
    void expiryIsFoundAndAbsolute(String line, int position, long atMillis) {
        byte[][] argv = argv(line);
        Expiry expiry = TABLE.find(argv).expiry(argv);
        assertThat(expiry.position()).isEqualTo(position);
        assertThat(expiry.atMillis(1000)).isEqualTo(atMillis);
        assertThat(expiry.ofFields()).isEqualTo(line.startsWith("HP") || line.startsWith("HS"));
    }

    @ParameterizedTest
    @CsvSource({
        "SET k v",
        "SET k EX",
        "SET k v KEEPTTL",
        "SET k v EX",
        "GETEX k PERSIST",
        "RESTORE k 0 payload",
        "HSETEX h FIELDS 1 PXAT 5000",
        "HSETEX h KEEPTTL FIELDS 2 PX 5 a b",
        "MSETEX 1 PX 10",
        "DEL k",
        "SET k v IFEQ PX 10"
    })
    void whereThereIsNoExpiryNoneIsFound(String line) {
        byte[][] argv = argv(line);
        assertThat(TABLE.find(argv).expiry(argv)).isNull();
    }
}
