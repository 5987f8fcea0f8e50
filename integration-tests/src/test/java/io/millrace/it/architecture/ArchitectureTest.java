package io.millrace.it.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.USE_JAVA_UTIL_LOGGING;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static io.millrace.it.architecture.Modules.module;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The rules of docs/design.md that the compiler does not hold. */
class ArchitectureTest {

    /** Which modules a module may import; data flows left to right, imports point to common. */
    private static final Map<String, Set<String>> MAY_IMPORT = Map.of(
            "events", Set.of(),
            "common", Set.of(),
            "local-redis", Set.of(),
            "local-cloud", Set.of("common", "local-redis"),
            "verifier", Set.of("common"),
            "sizing", Set.of(),
            "avro-converter", Set.of("events", "common", "confluent-client"),
            "source-connector", Set.of("common"),
            "sink-connector", Set.of("common"),
            "cli",
                    Set.of(
                            "events",
                            "common",
                            "local-redis",
                            "verifier",
                            "sizing",
                            "avro-converter",
                            "source-connector",
                            "sink-connector"));

    /** Packages that see every change or every byte. */
    private static final String[] HOT = {
        "io.millrace.change..",
        "io.millrace.codec..",
        "io.millrace.slot..",
        "io.millrace.command..",
        "io.millrace.source.link..",
        "io.millrace.rdb..",
        "io.millrace.source.rdb..",
        "io.millrace.source.assemble..",
        "io.millrace.source.publish..",
        "io.millrace.sink.plan..",
        "io.millrace.sink.apply.."
    };

    private static final int LONGEST_FILE = 400;

    private static JavaClasses all;

    @BeforeAll
    static void readClasses() {
        all = Modules.shippedClasses();
    }

    @Test
    void everyModuleIsUnderTheRules() {
        assertThat(all.stream().map(Modules::module).distinct().filter(m -> !m.equals("confluent-client")))
                .isSubsetOf(MAY_IMPORT.keySet())
                .contains("common", "events", "cli");
    }

    @Test
    void modulesImportOnlyWhatIsToTheirLeft() {
        MAY_IMPORT.forEach((name, allowed) -> {
            DescribedPredicate<JavaClass> otherModule = DescribedPredicate.describe(
                    "classes of modules other than " + allowed,
                    c -> module(c) != null && !module(c).equals(name) && !allowed.contains(module(c)));
            noClasses()
                    .that(Modules.areOf(name))
                    .should()
                    .dependOnClassesThat(otherModule)
                    .allowEmptyShould(true)
                    .check(all);
        });
    }

    @Test
    void theContractDependsOnAvroAlone() {
        classes()
                .that(Modules.areOf("events"))
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage("java..", "org.apache.avro..", "io.millrace.events.."))
                .check(all);
    }

    @Test
    void avroStaysInTheContractAndTheConverter() {
        noClasses()
                .that(Modules.areOf("common", "source-connector", "sink-connector", "verifier", "local-redis", "cli"))
                .should()
                .dependOnClassesThat(resideInAPackage("org.apache.avro.."))
                .check(all);
    }

    @Test
    void redisReplicatorStaysInTheSourceConnector() {
        noClasses()
                .that(DescribedPredicate.not(Modules.areOf("source-connector")))
                .should()
                .dependOnClassesThat(resideInAPackage("com.moilioncircle.."))
                .check(all);
    }

    @Test
    void jedisStaysWithTheClients() {
        noClasses()
                .that(DescribedPredicate.not(Modules.areOf("sink-connector", "verifier", "cli", "local-redis"))
                        .and(DescribedPredicate.not(
                                resideInAnyPackage("io.millrace.client..", "io.millrace.failure.."))))
                .should()
                .dependOnClassesThat(resideInAPackage("redis.clients.."))
                .check(all);
    }

    @Test
    void onlyTheEdgeKnowsKafka() {
        // A connector's own package is its shell: connector, task, and what runs behind them. The core is in those
        // below.
        Set<String> shells = Set.of("io.millrace.source", "io.millrace.sink", "io.millrace.codec");
        DescribedPredicate<JavaClass> edge = DescribedPredicate.describe(
                "edge classes",
                c -> shells.contains(c.getPackageName())
                        || c.getPackageName().endsWith(".publish")
                        || c.getPackageName().endsWith(".config"));
        noClasses()
                .that(Modules.areOf("common", "source-connector", "sink-connector", "verifier", "local-redis"))
                .and(DescribedPredicate.not(edge))
                .should()
                .dependOnClassesThat(resideInAPackage("org.apache.kafka.."))
                .check(all);
    }

    @Test
    void namesSayWhatAThingDoes() {
        noClasses()
                .should()
                .resideInAnyPackage(
                        "..util..", "..utils..", "..helper..", "..helpers..", "..manager..", "..managers..", "..misc..")
                .orShould()
                .haveNameMatching(".*(Util|Utils|Helper|Helpers|Manager|Impl)")
                .check(Modules.ownOf(all));
    }

    @Test
    void hotPathsUseNoRegularExpressions() {
        DescribedPredicate<JavaMethodCall> hidden = DescribedPredicate.describe(
                "methods of String that compile a regular expression",
                call -> call.getTargetOwner().isEquivalentTo(String.class)
                        && Set.of("matches", "replaceAll", "replaceFirst").contains(call.getName()));
        noClasses()
                .that(resideInAnyPackage(HOT))
                .should()
                .dependOnClassesThat(resideInAPackage("java.util.regex.."))
                .orShould()
                .callMethodWhere(hidden)
                .check(all);
    }

    @Test
    void onlyTheCommandLineWritesToTheTerminal() {
        noClasses()
                .that(DescribedPredicate.not(Modules.areOf("cli", "confluent-client")))
                .should(ACCESS_STANDARD_STREAMS)
                .orShould(USE_JAVA_UTIL_LOGGING)
                .check(all);
    }

    /** Compiled against slf4j 2, but a plain worker of Kafka brings slf4j 1.7, which has no fluent methods. */
    @Test
    void loggingNeedsNoMoreThanAWorkerBrings() {
        noClasses()
                .that(Modules.areOf("common", "source-connector", "sink-connector", "avro-converter"))
                .should()
                .dependOnClassesThat(resideInAPackage("org.slf4j.spi.."))
                .orShould()
                .callMethodWhere(DescribedPredicate.describe(
                        "the fluent methods of slf4j 2",
                        call -> call.getTargetOwner().isAssignableTo("org.slf4j.Logger")
                                && call.getName().startsWith("at")))
                .check(all);
    }

    @Test
    void packagesHaveNoCycles() {
        DescribedPredicate<JavaClass> entryPoint =
                DescribedPredicate.describe("the entry point", c -> c.getName().equals("io.millrace.cli.Millrace"));
        slices().matching("io.millrace.(**)")
                .should()
                .beFreeOfCycles()
                .ignoreDependency(entryPoint, DescribedPredicate.alwaysTrue())
                .check(Modules.ownOf(all));
    }

    @Test
    void noSourceFileIsLong() throws IOException {
        for (Path file : Modules.sourceFiles()) {
            List<String> lines = Files.readAllLines(file);
            assertThat(lines.size()).as("lines of %s", file.getFileName()).isLessThanOrEqualTo(LONGEST_FILE);
        }
    }
}
