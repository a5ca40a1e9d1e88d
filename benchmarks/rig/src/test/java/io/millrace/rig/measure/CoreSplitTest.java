package io.millrace.rig.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.natives.ProcessorAffinity;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CoreSplitTest {
    @Test
    void readsNumbersAndRanges() {
        assertThat(CoreSplit.parse("0/1")).isEqualTo(new CoreSplit(List.of(0), List.of(1)));
        assertThat(CoreSplit.parse("4,0-2/3")).isEqualTo(new CoreSplit(List.of(0, 1, 2, 4), List.of(3)));
        assertThat(CoreSplit.parse("")).isEqualTo(CoreSplit.NONE);
        assertThat(CoreSplit.parse("4,0-2/3")).hasToString("0-2,4/3");
        assertThat(CoreSplit.NONE).hasToString("");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"0", "/", "0/", "/1", "0/1/2", "a/b", "-1/0", "2-1/0", "0/1024", "0,,1/2", "99999/1", " 0/1"})
    void refusesTheRest(String text) {
        assertThatThrownBy(() -> CoreSplit.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aThreadAndThoseThatItStartsRunOnTheProcessorsThatItWasGiven() throws InterruptedException {
        assumeTrue(ProcessorAffinity.isAvailable(), "this system cannot choose processors");
        final int last = ProcessorAffinity.ofCurrentThread().length() - 1;
        final AtomicReference<BitSet> seen = new AtomicReference<>();
        final Thread bound = Thread.ofPlatform().start(() -> {
            CoreSplit.bind(List.of(last));
            final Thread child = Thread.ofPlatform().start(() -> seen.set(ProcessorAffinity.ofCurrentThread()));
            try {
                child.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        bound.join();

        final BitSet wanted = new BitSet();
        wanted.set(last);
        assertThat(seen.get()).isEqualTo(wanted);
    }

    @Test
    void saysSoWhereTheMachineHasNoSuchProcessor() {
        assumeTrue(ProcessorAffinity.isAvailable(), "this system cannot choose processors");
        final int beyond = ProcessorAffinity.LIMIT - 1;

        assertThatThrownBy(() -> CoreSplit.bind(List.of(beyond)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(Integer.toString(beyond));
    }
}
