package io.millrace.sink.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.change.Command;
import io.millrace.change.CommandChange;
import io.millrace.change.Expiry;
import io.millrace.change.Origin;
import io.millrace.client.ServerVersion;
import io.millrace.command.CommandTable;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientFormTest {

    private static final long CAPTURED = 1_000_000;

    @ParameterizedTest
    @CsvSource({
        "EXPIRE k 10, PEXPIREAT k 1010000",
        "PEXPIRE k 10, PEXPIREAT k 1000010",
        "EXPIRE k 10 GT, PEXPIREAT k 1010000",
        "PEXPIREAT k 2000000 NX, PEXPIREAT k 2000000",
        "SETEX k 10 v, SET k v PXAT 1010000",
        "PSETEX k 10 v, SET k v PXAT 1000010",
        "SET k v EX 10, SET k v PXAT 1010000",
        "SET k v NX PX 10, SET k v NX PXAT 1000010",
        "SET k EX px 10, SET k EX PXAT 1000010",
        "RESTORE k 10 payload REPLACE, RESTORE k 1000010 payload REPLACE ABSTTL",
        "SET k v, as it is",
        "SET k v NX, as it is",
        "SET k v PXAT 1000005, as it is",
        "PEXPIREAT k 1000005, as it is",
        "RESTORE k 0 payload, as it is",
        "RESTORE k 1000010 payload ABSTTL, as it is",
    })
    void countsExpiriesFromTheCapture(String propagated, String sent) {
        assertThat(form(ServerVersion.parse(false, "7.0.0"), propagated)).isEqualTo(sent);
    }

    @ParameterizedTest
    @CsvSource({
        "SETEX k 10 v, SET k v; PEXPIREAT k 1010000",
        "SET k v EX 10 NX, SET k v NX; PEXPIREAT k 1010000",
    })
    void knowsDestinationsWhoseSetTakesNoMoment(String propagated, String sent) {
        assertThat(form(ServerVersion.parse(false, "6.0.16"), propagated)).isEqualTo(sent);
    }

    @ParameterizedTest
    @CsvSource({
        "XADD k IDMP p i 1-1 f v, XADD k 1-1 f v; XIDMPRECORD k p i 1-1",
        "XADD k MAXLEN = 5 IDMP p i 1-1 f v, XADD k MAXLEN = 5 1-1 f v; XIDMPRECORD k p i 1-1",
        "XADD k IDMPAUTO p 1-1 f v, XADD k 1-1 f v",
        "XADD k KEEPREF IDMP p i * f v, ''",
        "XADD k IDMP * * 1-1 f v, XADD k 1-1 f v; XIDMPRECORD k * * 1-1",
        "XADD k 1-1 IDMP v, as it is",
        "XADD k MINID ~ 3 LIMIT 7 1-1 f v, as it is",
        "XADD k * f v, as it is",
    })
    void addsTheEntryAndThenItsProducer(String propagated, String sent) {
        assertThat(form(ServerVersion.parse(false, "8.6.3"), propagated)).isEqualTo(sent);
    }

    @ParameterizedTest
    @CsvSource({
        "XADD k MAXLEN = 3 LIMIT 7 1-1 f v, XADD k MAXLEN = 3 1-1 f v",
        "XADD k MAXLEN 3 LIMIT 7 1-1 f v, XADD k MAXLEN 3 1-1 f v",
        "XADD k NOMKSTREAM minid = 3-0 limit 7 1-1 f v, XADD k NOMKSTREAM minid = 3-0 1-1 f v",
        "XADD k MAXLEN = 3 LIMIT 7 IDMP p i 1-1 f v, XADD k MAXLEN = 3 1-1 f v; XIDMPRECORD k p i 1-1",
        "XTRIM k MAXLEN = 3 LIMIT 7, XTRIM k MAXLEN = 3",
        "XTRIM k MINID = 3-0 LIMIT 7, XTRIM k MINID = 3-0",
        "XTRIM k MAXLEN ~ 3 LIMIT 7, as it is",
        "XTRIM k MAXLEN 3, as it is",
        "XADD k 1-1 MAXLEN 3 LIMIT 7, as it is",
        "XADD k 1-1 MAXLEN = LIMIT 7, as it is",
    })
    void trimsExactlyWithoutALimit(String propagated, String sent) {
        assertThat(form(ServerVersion.parse(false, "8.6.3"), propagated)).isEqualTo(sent);
    }

    @ParameterizedTest
    @CsvSource({
        "PEXPIRE k -5000000, PEXPIREAT k 70368744177664",
        "PEXPIREAT k 5, PEXPIREAT k 70368744177669",
        "EXPIREAT k 5, PEXPIREAT k 70368744182664",
        "SET k v PXAT 1000000, SET k v PXAT 70368745177664",
        "SET k v EXAT 10 GET, SET k v PXAT 70368744187664 GET",
        "GETEX k EXAT 10, GETEX k PXAT 70368744187664",
        "RESTORE k 10 payload ABSTTL, RESTORE k 70368744177674 payload ABSTTL",
        "HPEXPIREAT k 5 FIELDS 1 f, as it is",
    })
    void putsOffWhatIsInThePast(String propagated, String sent) {
        assertThat(form(ServerVersion.parse(false, "7.4.0"), propagated)).isEqualTo(sent);
    }

    @Test
    void putsEverythingOffWhereTheSourceDecides() {
        assertThat(form(ServerVersion.parse(false, "7.0.0"), "SET k v PXAT 90000000000", ExpiryPolicy.SOURCE))
                .isEqualTo("SET k v PXAT 70458744177664");
        assertThat(form(ServerVersion.parse(false, "7.0.0"), "PEXPIREAT k 9000000000000", ExpiryPolicy.SOURCE))
                .isEqualTo("as it is");
    }

    private static String form(ServerVersion version, String propagated) {
        return form(version, propagated, ExpiryPolicy.EXACT);
    }

    private static String form(ServerVersion version, String propagated, ExpiryPolicy policy) {
        String[] words = propagated.split(" ");
        CommandName name = CommandName.of(words[0]);
        byte[][] args = Arrays.stream(words)
                .skip(1)
                .map(word -> word.getBytes(StandardCharsets.UTF_8))
                .toArray(byte[][]::new);
        Origin origin = new Origin("0", 1, "id", CAPTURED, Origin.UNKNOWN, Origin.UNKNOWN, Map.of());
        CommandChange change =
                new CommandChange(origin, 0, 1, new Command(words[0], args, new int[] {0}), Expiry.NONE, null, null);
        ExpiryDeferral expiries = new ExpiryDeferral(policy, () -> CAPTURED);
        expiries.next(change);
        List<ClientForm.Step> steps = new ClientForm(new Destination(false, version), expiries)
                .of(change, name, CommandTable.standard().find(name.bytes()), args);
        return steps == null
                ? "as it is"
                : steps.stream()
                        .map(step -> step.name() + " "
                                + Arrays.stream(step.args())
                                        .map(arg -> new String(arg, StandardCharsets.UTF_8))
                                        .collect(Collectors.joining(" ")))
                        .collect(Collectors.joining("; "));
    }
}
