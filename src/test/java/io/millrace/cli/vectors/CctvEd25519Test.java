package io.millrace.cli.vectors;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CctvEd25519Test {
    @Test
    void mixedOrderPointsAreLeftToTheEquation() {
        assertThat(CctvEd25519.accepts(Set.of())).isTrue();
        assertThat(CctvEd25519.accepts(Set.of("low_order_component_A", "low_order_component_R")))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "low_order_A",
                "low_order_R",
                "non_canonical_A",
                "non_canonical_R",
                "low_order_residue",
                "reencoded_k"
            })
    void everythingElseIsRefused(String flag) {
        assertThat(CctvEd25519.accepts(Set.of(flag, "low_order_component_A"))).isFalse();
    }
}
