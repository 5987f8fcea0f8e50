package io.millrace.it.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.redis.local.LocalCluster;
import io.millrace.redis.local.LocalServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The users with the least rights, as {@code docs/setting-up-redis.md} tells an operator to make them. */
public enum DocumentedUser {
    OF_THE_SOURCE("## The source"),
    OF_THE_DESTINATION("## The destination"),
    OF_A_SOURCE_CLUSTER("## A cluster as the source"),
    OF_A_DESTINATION_CLUSTER("## A cluster as the destination");

    public static final String NAME = "millrace";

    private static final Path PAGE = Path.of("..", "docs", "setting-up-redis.md");
    private static final String COMMAND = "ACL SETUSER " + NAME + " ";
    private static final String PASSWORD = ">secret";

    private final String heading;

    DocumentedUser(String heading) {
        this.heading = heading;
    }

    /** On each node, replicas included. */
    public void createOn(LocalCluster cluster, String password) {
        cluster.nodes().forEach(node -> createOn(node, password));
    }

    /** Runs the commands of the page, with another password. */
    public void createOn(LocalServer server, String password) {
        List<String> commands = commands();
        assertThat(commands).as("commands below %s", heading).isNotEmpty();
        assertThat(commands.get(0)).contains(" " + PASSWORD + " ");
        for (String command : commands) {
            Object[] words = command.split(" ");
            for (int i = 0; i < words.length; i++) {
                words[i] = words[i].equals(PASSWORD) ? ">" + password : words[i];
            }
            assertThat(server.command(words)).as(command).isEqualTo("OK");
        }
    }

    private List<String> commands() {
        List<String> commands = new ArrayList<>();
        boolean inside = false;
        for (String line : lines()) {
            if (line.startsWith("## ")) {
                inside = line.equals(heading);
            } else if (inside && line.startsWith(COMMAND)) {
                commands.add(line.strip());
            }
        }
        return commands;
    }

    private static List<String> lines() {
        try {
            return Files.readAllLines(PAGE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
