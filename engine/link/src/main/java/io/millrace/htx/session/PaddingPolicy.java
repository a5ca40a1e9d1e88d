package io.millrace.htx.session;

import io.millrace.frame.Frame;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * Padding that hides lengths and silences of a session: frames grow to the next of a few lengths, and a silent
 * session sends frames of nothing but padding.
 *
 * @param sizeClasses lengths of plaintext in bytes, ascending; empty for none. The largest also bounds the frames.
 * @param idleMin shortest silence before padding is sent, 50 ms or more; zero for no idle padding.
 * @param idleMax longest silence, at least {@code idleMin}; each silence is drawn evenly between the two.
 * @param idleLength most bytes of plaintext that idle padding draws; at least 3 if there is idle padding.
 */
public record PaddingPolicy(List<Integer> sizeClasses, Duration idleMin, Duration idleMax, int idleLength) {
    /** Adds nothing. */
    public static final PaddingPolicy NONE = new PaddingPolicy(List.of(), Duration.ZERO, Duration.ZERO, 0);

    /** Most frames of idle padding that a session sends in a second; its peer takes no more for long. */
    static final int MOST_PER_SECOND = 20;

    private static final Duration LEAST_IDLE = Duration.ofSeconds(1).dividedBy(MOST_PER_SECOND);
    private static final List<Integer> CLASSES = List.of(128, 1_024, 4_096, 16_368);
    private static final Duration IDLE_MIN = Duration.ofMillis(200);
    private static final Duration IDLE_MAX = Duration.ofMillis(1_200);
    private static final int IDLE_LENGTH = 3_072;

    /** Every frame has one of four lengths. */
    public static final PaddingPolicy SIZE_CLASSES = new PaddingPolicy(CLASSES, Duration.ZERO, Duration.ZERO, 0);

    /** Padding of up to 3 KiB after each 200 to 1,200 ms of silence, in addition to the size classes. */
    public static final PaddingPolicy IDLE = new PaddingPolicy(CLASSES, IDLE_MIN, IDLE_MAX, IDLE_LENGTH);

    private static final int LEAST = 3;

    /** Checks the ranges. */
    public PaddingPolicy {
        sizeClasses = List.copyOf(sizeClasses);
        int previous = LEAST - 1;
        for (int each : sizeClasses) {
            if (each <= previous || each > Frame.HARD_MAX_LENGTH - Frame.TAG_LENGTH) {
                throw new IllegalArgumentException("size classes must ascend from " + LEAST + " to "
                        + (Frame.HARD_MAX_LENGTH - Frame.TAG_LENGTH) + ": sizeClasses=" + sizeClasses);
            }
            previous = each;
        }
        if (idleMin.isNegative() || idleMax.compareTo(idleMin) < 0) {
            throw new IllegalArgumentException("idle times must ascend: idleMin=" + idleMin + ", idleMax=" + idleMax);
        }
        if (!idleMin.isZero() && idleMin.compareTo(LEAST_IDLE) < 0) {
            throw new IllegalArgumentException(
                    "idleMin must be 0 or " + LEAST_IDLE.toMillis() + " ms or more: idleMin=" + idleMin);
        }
        if (!idleMin.isZero() && (idleLength < LEAST || idleLength > Frame.DEFAULT_MAX_LENGTH - Frame.TAG_LENGTH)) {
            throw new IllegalArgumentException("idleLength must be " + LEAST + " to "
                    + (Frame.DEFAULT_MAX_LENGTH - Frame.TAG_LENGTH) + ": idleLength=" + idleLength);
        }
    }

    /**
     * The policy of that name: {@code none}, {@code size-classes} or {@code idle}.
     *
     * @param name {@code none}, {@code size-classes} or {@code idle}.
     */
    public static PaddingPolicy byName(String name) {
        return switch (name) {
            case "none" -> NONE;
            case "size-classes" -> SIZE_CLASSES;
            case "idle" -> IDLE;
            default ->
                throw new IllegalArgumentException(
                        "no such padding, there are none, size-classes and idle: padding=" + name);
        };
    }

    /** Whether a silent session sends padding. */
    boolean padsSilence() {
        return !idleMin.isZero();
    }

    /** The classes as an array, for the frames. */
    int[] classes() {
        return sizeClasses.stream().mapToInt(Integer::intValue).toArray();
    }

    /** The smallest of {@code classes} that holds {@code textLength} bytes, or {@code textLength} if none does. */
    static int padded(int[] classes, int textLength) {
        final int at = Arrays.binarySearch(classes, textLength);
        final int index = at >= 0 ? at : -at - 1;
        return index < classes.length ? classes[index] : textLength;
    }
}
