package io.millrace.sizing;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * How many items a second go through, and what keeps it from being more.
 *
 * @param ceilings what each part would let through if the others took no time
 */
public record Pace(double perSecond, Limit limit, Map<Limit, Double> ceilings) {
    public Pace {
        ceilings = Collections.unmodifiableMap(new EnumMap<>(ceilings));
    }

    static Pace of(Map<Limit, Double> ceilings) {
        Limit least = null;
        for (Map.Entry<Limit, Double> ceiling : ceilings.entrySet()) {
            if (least == null || ceiling.getValue() < ceilings.get(least)) {
                least = ceiling.getKey();
            }
        }
        return new Pace(ceilings.get(least), least, ceilings);
    }
}
