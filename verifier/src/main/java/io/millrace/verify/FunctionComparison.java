package io.millrace.verify;

import io.millrace.endpoint.Address;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Compares function libraries by name and code; every node of a cluster must have them all. One thread. */
final class FunctionComparison {
    private static final String NO_LIBRARY = "no such library";

    private FunctionComparison() {}

    static void compare(Side source, Side target, Findings findings) {
        for (Address sourceNode : source.masters()) {
            SortedMap<String, String> expected = libraries(source, sourceNode);
            for (Address targetNode : target.masters()) {
                SortedMap<String, String> found = libraries(target, targetNode);
                SortedSet<String> names = new TreeSet<>(expected.keySet());
                names.addAll(found.keySet());
                for (String name : names) {
                    if (!java.util.Objects.equals(expected.get(name), found.get(name))) {
                        findings.add(new Difference(
                                -1,
                                name.getBytes(StandardCharsets.ISO_8859_1),
                                Difference.Kind.FUNCTION,
                                describe(expected.get(name)),
                                describe(found.get(name)) + " on " + targetNode));
                    }
                }
            }
        }
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
