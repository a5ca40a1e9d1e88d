package io.millrace.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplayWindowTest {
    private static final int WINDOW = ReplayWindow.WINDOW;
    private static final int RING = 8_192;

    /** Expected answer of the window, by remembering every counter. */
    private static final class Model {
        private final Set<Long> seen = new HashSet<>();
        private final long floor;
        private long highest;

        Model(long floor) {
            this.floor = floor;
        }

        boolean isNew(long counter) {
            final boolean inWindow = seen.isEmpty()
                    || Long.compareUnsigned(counter, highest) > 0
                    || Long.compareUnsigned(highest - counter, WINDOW) < 0;
            return Long.compareUnsigned(counter, floor) >= 0 && inWindow && !seen.contains(counter);
        }

        boolean accept(long counter) {
            if (!isNew(counter)) {
                return false;
            }
            highest = seen.isEmpty() || Long.compareUnsigned(counter, highest) > 0 ? counter : highest;
            return seen.add(counter);
        }
    }

    @Test
    void agreesWithAModelThatRemembersEverything() {
        final long base = System.nanoTime();
        final int[] strides = {1, 2, 63, 64, 65, WINDOW - 1, WINDOW, WINDOW + 1, RING - 1, RING, RING + 1, 3 * RING};
        for (int run = 0; run < 2_000; run++) {
            final long seed = base + run;
            final SplittableRandom random = new SplittableRandom(seed);
            final long floor = switch (random.nextInt(4)) {
                case 0 -> 0;
                case 1 -> random.nextLong(200);
                case 2 -> Long.MAX_VALUE - random.nextLong(20_000);
                default -> -1L - random.nextLong(1_000_000, 2_000_000);
            };
            final ReplayWindow window = new ReplayWindow(floor);
            final Model model = new Model(floor);
            long at = floor;
            for (int step = 0; step < 400; step++) {
                final int stride = strides[random.nextInt(strides.length)];
                at += random.nextInt(50) == 0 ? stride : random.nextInt(3);
                final long behind = random.nextBoolean() ? random.nextInt(70) : random.nextInt(WINDOW + 130);
                final long counter = random.nextInt(3) == 0 ? at : at - behind;
                if (counter == -1) {
                    continue; // reserved: never passed to a window
                }
                assertThat(window.check(counter))
                        .as("seed=%d, step=%d, check", seed, step)
                        .isEqualTo(model.isNew(counter));
                if (random.nextInt(10) != 0) {
                    assertThat(window.accept(counter))
                            .as("seed=%d, step=%d, accept", seed, step)
                            .isEqualTo(model.accept(counter));
                }
            }
        }
    }

    /** Every distance behind the highest counter, at every position of the highest in its word. */
    @Test
    void acceptsExactlyTheWindowOnceWhereverItsTopLies() {
        for (int offset = 0; offset < 130; offset++) {
            final ReplayWindow window = new ReplayWindow(0);
            final long top = 3L * RING + offset;
            assertThat(window.accept(top)).isTrue();
            for (long behind = 1; behind <= WINDOW + 200; behind++) {
                if (window.accept(top - behind) != behind < WINDOW) {
                    throw new AssertionError("top=" + top + ", behind=" + behind);
                }
            }
            for (long behind = 0; behind <= WINDOW + 200; behind++) {
                if (window.check(top - behind)) {
                    throw new AssertionError("accepted twice: top=" + top + ", behind=" + behind);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 63, 64, Long.MAX_VALUE, Long.MIN_VALUE, -2})
    void takesAnyFirstCounterAndThenNotAgain(long counter) {
        final ReplayWindow window = new ReplayWindow(0);

        assertThat(window.accept(counter)).isTrue();
        assertThat(window.accept(counter)).isFalse();
    }

    @Test
    void survivesAJumpToTheFarFutureAndForgetsThePast() {
        final ReplayWindow window = new ReplayWindow(0);
        window.accept(0);
        window.accept(5);

        assertThat(window.accept(-2)).isTrue();
        assertThat(window.check(6)).isFalse();
        assertThat(window.accept(-3)).isTrue();
        assertThat(window.accept(-2 - (WINDOW - 1))).isTrue();
        assertThat(window.accept(-2 - WINDOW)).isFalse();
        assertThat(window.accept(-3)).isFalse();
    }

    /** Counters compare as unsigned numbers: 2^63 comes after 2^63 - 1. */
    @Test
    void goesOnPastTheMiddleOfTheRange() {
        final ReplayWindow window = new ReplayWindow(0);
        for (long i = -200; i < 200; i++) {
            assertThat(window.accept(Long.MIN_VALUE + i)).isTrue();
        }
        for (long i = -200; i < 200; i++) {
            assertThat(window.check(Long.MIN_VALUE + i)).isFalse();
        }
        assertThat(window.check(3)).isFalse();
    }

    @Test
    void refusesEverythingBelowItsFloor() {
        final ReplayWindow window = new ReplayWindow(1_000);

        assertThat(window.accept(999)).isFalse();
        assertThat(window.accept(1_000)).isTrue();
        assertThat(window.accept(1_010)).isTrue();
        assertThat(window.accept(999)).isFalse();
        assertThat(window.accept(1_005)).isTrue();
        assertThat(window.accept(0)).isFalse();
    }

    @Test
    void checkingRemembersNothing() {
        final ReplayWindow window = new ReplayWindow(0);

        assertThat(window.check(1_000_000)).isTrue();
        assertThat(window.check(1_000_000)).isTrue();
        assertThat(window.accept(3)).isTrue();
    }
}
