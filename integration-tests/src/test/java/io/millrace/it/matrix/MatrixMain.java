package io.millrace.it.matrix;

import io.millrace.cli.embedded.DataDirectory;
import io.millrace.cli.embedded.EmbeddedRuntime;
import io.millrace.it.worker.WorkerRest;
import io.millrace.redis.local.ServerVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The matrix by hand: see {@code scripts/version-matrix}. Ends with 0 when every cell holds. */
final class MatrixMain {

    private MatrixMain() {}

    public static void main(String[] args) throws IOException {
        Map<String, String> given = new HashMap<>();
        for (int i = 0; i + 1 < args.length; i += 2) {
            given.put(args[i], args[i + 1]);
        }
        List<ServerVersion> from;
        List<ServerVersion> to;
        try {
            from = versions(given.remove("--from"));
            to = versions(given.remove("--to"));
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage() + " See the head of scripts/version-matrix.");
            System.exit(2);
            return;
        }
        String json = given.remove("--json");
        String markdown = given.remove("--markdown");
        if (args.length % 2 != 0 || !given.isEmpty()) {
            System.err.println("There is no such option. See the head of scripts/version-matrix.");
            System.exit(2);
            return;
        }
        List<Cell> cells = new ArrayList<>();
        try (DataDirectory directory = DataDirectory.open(Files.createTempDirectory("millrace-matrix-"));
                EmbeddedRuntime runtime = EmbeddedRuntime.start(directory)) {
            VersionMatrix matrix = new VersionMatrix(new WorkerRest(runtime.connectUrl()));
            for (ServerVersion source : from) {
                for (ServerVersion destination : to) {
                    Cell cell = matrix.run(source, destination);
                    cells.add(cell);
                    new MatrixReport(List.of(cell))
                            .text().stream()
                                    .limit(1L + Math.min(20, cell.wrong().size()))
                                    .forEach(System.out::println);
                }
            }
        }
        MatrixReport report = new MatrixReport(cells);
        List<String> table = report.markdown();
        System.out.println();
        table.forEach(System.out::println);
        if (json != null) {
            Files.writeString(Path.of(json), report.json());
        }
        if (markdown != null) {
            Files.write(Path.of(markdown), table);
        }
        System.exit(cells.stream().allMatch(Cell::holds) ? 0 : 1);
    }

    /** A list with commas; nothing stands for all that are here. */
    private static List<ServerVersion> versions(String list) {
        if (list == null) {
            return ServerVersion.present();
        }
        List<ServerVersion> chosen = new ArrayList<>();
        for (String id : list.split(",")) {
            chosen.add(Arrays.stream(ServerVersion.values())
                    .filter(version -> version.id().equals(id.strip())
                            && version.available().isPresent())
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("The server " + id.strip() + " is not here.")));
        }
        return chosen;
    }
}
