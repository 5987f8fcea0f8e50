package io.millrace.it.workload;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The catalogue: at least one invocation of every write command, in groups that do not disturb each other. */
public final class WriteCommands {

    private static final WriteCommands CATALOGUE = new WriteCommands(CatalogueReader.read(lines()));

    private final List<SampleGroup> groups;

    private WriteCommands(List<SampleGroup> groups) {
        this.groups = groups;
    }

    public static WriteCommands catalogue() {
        return CATALOGUE;
    }

    /** All groups of these scopes, those of an earlier scope first. */
    public List<SampleGroup> groups(SampleGroup.Scope... scopes) {
        Set<SampleGroup.Scope> wanted = EnumSet.noneOf(SampleGroup.Scope.class);
        wanted.addAll(Arrays.asList(scopes));
        return wanted.stream()
                .flatMap(scope -> groups.stream().filter(g -> g.scope() == scope))
                .toList();
    }

    /** The names of the commands that have a sample which runs on the server. */
    public Set<String> namesFor(ServerCommands server) {
        Set<String> names = new TreeSet<>();
        for (SampleGroup group : groups) {
            for (Sample sample : group.samples()) {
                if (sample.runsOn(server)) {
                    names.add(sample.nameFor(server));
                }
            }
        }
        return names;
    }

    private static List<String> lines() {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                WriteCommands.class.getResourceAsStream("write-commands.txt"), StandardCharsets.UTF_8))) {
            return reader.lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
