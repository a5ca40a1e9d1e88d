package io.millrace.rig.bed;

/** How a measured relay remembers packets that it saw. */
public enum ReplayMode {
    /** Not at all: only a measurement has this, see {@code ReplayFilter.noneInClosedLoop}. */
    NONE("none"),
    /** Exactly, in memory. */
    EXACT("exact"),
    /** Exactly, in memory and on disk. */
    JOURNALLED("journalled");

    private final String label;

    ReplayMode(String label) {
        this.label = label;
    }

    /** Name on the command line and in reports. */
    public String label() {
        return label;
    }

    /**
     * The mode of that name.
     *
     * @param label {@code none}, {@code exact} or {@code journalled}.
     * @throws IllegalArgumentException if there is none; says which there are.
     */
    public static ReplayMode byLabel(String label) {
        for (ReplayMode mode : values()) {
            if (mode.label.equals(label)) {
                return mode;
            }
        }
        throw new IllegalArgumentException("must be none, exact or journalled");
    }
}
