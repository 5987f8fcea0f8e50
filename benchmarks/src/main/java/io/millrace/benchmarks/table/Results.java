package io.millrace.benchmarks.table;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects readings and makes rows of them, in the order in which they first came. One thread. */
final class Results {

    private record Place(String work, Metric metric) {}

    private final Map<Place, List<Double>> ours = new LinkedHashMap<>();
    private final Map<Place, List<Double>> natives = new LinkedHashMap<>();

    void add(boolean isNative, String work, Metric metric, double reading) {
        (isNative ? natives : ours)
                .computeIfAbsent(new Place(work, metric), place -> new ArrayList<>())
                .add(reading);
    }

    /** Everything that Millrace has a reading of. */
    List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        ours.forEach(
                (place, readings) -> rows.add(new Row(place.work, place.metric, samples(readings), yardstick(place))));
        return rows;
    }

    /** Where a work has no native run of its own, that of the same data to one server serves. */
    private Samples yardstick(Place place) {
        List<Double> own = natives.get(place);
        List<Double> readings = own != null ? own : natives.get(new Place(Work.STANDALONE.id(), place.metric));
        boolean sameData = place.work.equals(Work.CLUSTER.id()) || place.work.equals(Work.SINGLE.id());
        return readings == null || (own == null && !sameData) ? null : samples(readings);
    }

    private static Samples samples(List<Double> readings) {
        return Samples.of(readings.stream().mapToDouble(Double::doubleValue).toArray());
    }
}
