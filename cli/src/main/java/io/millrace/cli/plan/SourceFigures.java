package io.millrace.cli.plan;

import io.millrace.cli.Failure;
import io.millrace.cli.options.Side;
import io.millrace.cli.server.Deployment;
import io.millrace.client.Node;
import io.millrace.client.ServerInfo;
import io.millrace.failure.RedisFailureException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What a source says of itself. It is asked with INFO, CONFIG GET and PING, and nothing else.
 *
 * @param shards its masters
 * @param keys of all databases and shards
 * @param dataBytes {@code used_memory_dataset}, all shards
 * @param writesPerSecond while it was watched
 * @param countsReads true where it has no replication backlog, so that reads could not be told from writes
 * @param commandBytes of an average command; empty where there were too few
 * @param roundTripMillis the fastest of some
 * @param backlogBytes {@code repl-backlog-size} of the shard that has least
 * @param bufferBytes first limit of replicas' buffers where it is least; 0 is none, empty where the user may not see it
 * @param memoryBytes what the shard with least has left, of its machine's memory; empty where it does not say
 */
record SourceFigures(
        String display,
        int shards,
        long keys,
        long dataBytes,
        double writesPerSecond,
        boolean countsReads,
        OptionalDouble commandBytes,
        double roundTripMillis,
        long backlogBytes,
        OptionalLong bufferBytes,
        OptionalLong memoryBytes) {

    private static final int PINGS = 5;
    private static final int ENOUGH_COMMANDS = 100;
    private static final double NANOS_A_MILLI = 1e6;
    private static final double NANOS_A_SECOND = 1e9;

    /** @throws Failure when it does not answer */
    static SourceFigures ask(Side side, Duration sample) throws InterruptedException {
        try (Deployment source = Deployment.connect(side)) {
            List<Node> masters = source.masters(0);
            List<ServerInfo> before = infos(masters);
            long began = System.nanoTime();
            double roundTrip = roundTrip(masters.get(0));
            Thread.sleep(sample.toMillis());
            List<ServerInfo> after = infos(masters);
            double seconds = (System.nanoTime() - began) / NANOS_A_SECOND;
            return of(side.display(), masters, before, after, seconds, roundTrip);
        } catch (RedisFailureException e) {
            throw new Failure(e.getMessage());
        }
    }

    private static SourceFigures of(
            String display,
            List<Node> masters,
            List<ServerInfo> before,
            List<ServerInfo> after,
            double seconds,
            double roundTrip) {
        long commands = grown(before, after, "total_commands_processed");
        long offset = grown(before, after, "master_repl_offset");
        OptionalDouble commandBytes = commands < ENOUGH_COMMANDS
                ? OptionalDouble.empty()
                : OptionalDouble.of((double) grown(before, after, "total_net_input_bytes") / commands);
        boolean backlog = after.stream().allMatch(info -> info.number("repl_backlog_active", 0) == 1);
        double writes = backlog
                ? offset / seconds / commandBytes.orElse(PlanInputs.COMMAND_BYTES)
                : Math.max(0, commands - masters.size()) / seconds;
        return new SourceFigures(
                display,
                masters.size(),
                after.stream().mapToLong(SourceFigures::keysOf).sum(),
                sum(after, "used_memory_dataset"),
                writes,
                !backlog,
                commandBytes,
                roundTrip,
                after.stream()
                        .mapToLong(info -> info.number("repl_backlog_size", 0))
                        .min()
                        .orElse(0),
                buffer(masters),
                after.stream()
                        .filter(info -> info.number("total_system_memory", 0) > 0)
                        .mapToLong(info -> info.number("total_system_memory", 0) - info.number("used_memory_rss", 0))
                        .min());
    }

    private static List<ServerInfo> infos(List<Node> masters) {
        List<ServerInfo> infos = new ArrayList<>();
        masters.forEach(master -> infos.add(ServerInfo.of(master)));
        return infos;
    }

    private static long grown(List<ServerInfo> before, List<ServerInfo> after, String field) {
        return Math.max(0, sum(after, field) - sum(before, field));
    }

    private static long sum(List<ServerInfo> infos, String field) {
        return infos.stream().mapToLong(info -> info.number(field, 0)).sum();
    }

    /** Of lines such as {@code db0:keys=12,expires=3,avg_ttl=0}. */
    static long keysOf(ServerInfo info) {
        long keys = 0;
        for (Map.Entry<String, String> field : info.fields().entrySet()) {
            String value = field.getValue();
            if (field.getKey().startsWith("db") && value.startsWith("keys=")) {
                keys += Long.parseLong(value.substring("keys=".length(), value.indexOf(',')));
            }
        }
        return keys;
    }

    private static double roundTrip(Node node) {
        double least = Double.MAX_VALUE;
        for (int i = 0; i < PINGS; i++) {
            long begin = System.nanoTime();
            try {
                node.call("PING");
            } catch (RedisFailureException e) {
                if (node.isBroken()) {
                    throw e;
                }
                // A user without the right to PING gets an answer all the same.
            }
            least = Math.min(least, (System.nanoTime() - begin) / NANOS_A_MILLI);
        }
        return least;
    }

    private static OptionalLong buffer(List<Node> masters) {
        OptionalLong least = OptionalLong.empty();
        for (Node master : masters) {
            try {
                List<?> reply = (List<?>) master.call("CONFIG", "GET", "client-output-buffer-limit");
                OptionalLong limit = reply.size() < 2
                        ? OptionalLong.empty()
                        : replicaLimit(new String((byte[]) reply.get(1), StandardCharsets.US_ASCII));
                if (limit.isPresent() && (least.isEmpty() || orNone(limit.getAsLong()) < orNone(least.getAsLong()))) {
                    least = limit;
                }
            } catch (RedisFailureException e) {
                // It is not permitted, or not there: then nothing is said of it.
                return OptionalLong.empty();
            }
        }
        return least;
    }

    private static long orNone(long limit) {
        return limit == 0 ? Long.MAX_VALUE : limit;
    }

    /** Of a text such as {@code normal 0 0 0 slave 268435456 67108864 60 pubsub 33554432 8388608 60}. */
    static OptionalLong replicaLimit(String text) {
        String[] words = text.split(" ");
        for (int i = 0; i + 1 < words.length; i += 4) {
            if (words[i].equals("slave") || words[i].equals("replica")) {
                return OptionalLong.of(Long.parseLong(words[i + 1]));
            }
        }
        return OptionalLong.empty();
    }
}
