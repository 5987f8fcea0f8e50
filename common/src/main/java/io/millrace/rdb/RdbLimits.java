package io.millrace.rdb;

/**
 * How large a value may be before it is taken apart.
 *
 * @param payload bytes of one DUMP payload; a value above it comes as typed parts
 * @param part bytes of one part, counted with some overhead an element; a single element above it is a part of its own
 * @param boundExpanded whether {@code payload} also bounds a value's size with its LZF compression undone: wanted where
 *     small values are published in typed form
 * @param string bytes of one string: the source's proto-max-bulk-len
 */
public record RdbLimits(int payload, int part, boolean boundExpanded, int string) {

    public static final RdbLimits DEFAULT = new RdbLimits(512 * 1024, 512 * 1024, false, 512 * 1024 * 1024);

    public RdbLimits {
        if (payload < 1 || part < 1 || string < 1) {
            throw new IllegalArgumentException("limits must be above zero");
        }
    }
}
