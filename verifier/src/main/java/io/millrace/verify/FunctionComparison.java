package io.millrace.verify;

import io.millrace.endpoint.Address;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Compares function libraries by name and code; every node of a cluster must have them all. One thread. */
final class FunctionComparison {
    private static final String NO_LIBRARY = "no such library";

    private FunctionComparison() {}

    /** Reads everything before it adds the first finding. */
    static void compare(Side source, Side target, Findings findings) {
        Map<Address, SortedMap<String, String>> expected = libraries(source);
        Map<Address, SortedMap<String, String>> found = libraries(target);
        expected.values().forEach(left -> found.forEach((node, right) -> compare(left, right, node, findings)));
    }

    private static void compare(
            SortedMap<String, String> source, SortedMap<String, String> target, Address node, Findings findings) {
        SortedSet<String> names = new TreeSet<>(source.keySet());
        names.addAll(target.keySet());
        for (String name : names) {
            if (!Objects.equals(source.get(name), target.get(name))) {
                findings.add(new Difference(
                        -1,
                        name.getBytes(StandardCharsets.ISO_8859_1),
                        Difference.Kind.FUNCTION,
                        describe(source.get(name)),
                        describe(target.get(name)) + " on " + node));
            }
        }
    }

    private static Map<Address, SortedMap<String, String>> libraries(Side side) {
        Map<Address, SortedMap<String, String>> byNode = new LinkedHashMap<>();
        side.masters().forEach(node -> byNode.put(node, libraries(side, node)));
        return byNode;
    }

    private static String describe(String code) {
        return code == null ? NO_LIBRARY : "library of " + code.length() + " bytes";
    }

    private static SortedMap<String, String> libraries(Side side, Address node) {
        SortedMap<String, String> codeByName = new TreeMap<>();
        for (Object reply : (List<?>) side.lane(node).node().call("FUNCTION", "LIST", "WITHCODE")) {
            List<?> fields = (List<?>) reply;
            String name = null;
            String code = null;
            for (int i = 0; i + 1 < fields.size(); i += 2) {
                switch (Printable.text((byte[]) fields.get(i))) {
                    case "library_name" -> name = Printable.text((byte[]) fields.get(i + 1));
                    case "library_code" -> code = Printable.text((byte[]) fields.get(i + 1));
                    default -> {
                        // engine and functions follow from the code
                    }
                }
            }
            codeByName.put(name, code);
        }
        return codeByName;
    }
}
