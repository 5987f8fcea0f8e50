package io.millrace.it.large;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** By hand: see {@code scripts/large-values}. Ends with 0 when both sides hold the same. */
final class LargeValuesMain {

    private LargeValuesMain() {}

    public static void main(String[] args) throws IOException {
        Map<String, String> given = new HashMap<>();
        for (int i = 0; i + 1 < args.length; i += 2) {
            given.put(args[i], args[i + 1]);
        }
        try {
            int megabytes = number(given, "--string-mb", 512);
            int members = number(given, "--members", 20_000_000);
            int heap = number(given, "--heap-mb", 256);
            int command = number(given, "--command-mb", 24);
            if (args.length % 2 != 0 || !given.isEmpty()) {
                throw new IllegalArgumentException("There is no such option.");
            }
            Path directory = Files.createTempDirectory("millrace-large-");
            System.out.println("Files in " + directory);
            boolean equal = new LargeValues(new LargeSizes(megabytes, members, heap, command), System.out)
                    .run(directory)
                    .isEqual();
            System.exit(equal ? 0 : 1);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage() + " See the head of scripts/large-values.");
            System.exit(2);
        }
    }

    private static int number(Map<String, String> given, String name, int otherwise) {
        String text = given.remove(name);
        return text == null ? otherwise : Integer.parseInt(text);
    }
}
