package io.millrace.crypto.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.millrace.crypto.Bytes;
import io.millrace.memory.AddressArray;
import io.millrace.memory.StatusArray;
import io.millrace.metrics.NanoClock;
import io.millrace.natives.LanesLevel;
import io.millrace.natives.LanesLibrary;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The trial at start, with a provider that stands in for the kernels, so that it runs on every machine. */
class LanesKernelsTest {
    private final List<String> warnings = new ArrayList<>();

    /** Each reading is one nanosecond later. */
    private long now;

    private final NanoClock clock = () -> now++;

    @Test
    void usesKernelsThatAgreeWithLibsodium() {
        final LanesKernels.Choice choice = choose(CryptoProviders.byName("sodium"));

        assertThat(choice.provider()).isPresent();
        assertThat(choice.reason()).isEqualTo("instructions");
        assertThat(warnings).isEmpty();
    }

    /** The operand of each call that holds the result, and one element of it that comes out wrong. */
    @ParameterizedTest
    @CsvSource({
        "x25519, 1, 0",
        "x25519, 1, 7",
        "x25519, 1, 18",
        "x25519Base, 1, 3",
        "chacha20Xor, 1, 17",
        "blake2b, 1, 5",
        "sha512, 1, 4",
        "aeadSeal, 1, 16",
        "aeadSeal, 3, 2",
        "aeadOpen, 1, 1",
    })
    void refusesKernelsWithOneWrongBitAndWarnsOnce(String method, int operand, int element) {
        final LanesKernels.Choice choice = choose(wrongIn(method, operand, element));

        assertThat(choice.provider()).isEmpty();
        assertThat(choice.reason()).contains("differ from libsodium", "instructions");
        assertThat(warnings).singleElement().asString().contains(choice.reason());
    }

    @Test
    void refusesKernelsWhoseMapIsWrong() {
        // The substitute leaves the map to its caller; this one says that it gave the results.
        final LanesKernels.Choice choice = choose(altered("edwardsMap", args -> {
            ((StatusArray) args[4]).set(11, true);
        }));

        assertThat(choice.provider()).isEmpty();
        assertThat(choice.reason()).contains("mapped point 11");
    }

    @ParameterizedTest
    @CsvSource({"x25519, 4", "aeadOpen, 8"})
    void refusesKernelsWithOneWrongVerdict(String method, int operand) {
        final LanesKernels.Choice choice = choose(altered(method, args -> {
            final StatusArray ok = (StatusArray) args[operand];
            ok.set(0, !ok.ok(0));
        }));

        assertThat(choice.provider()).isEmpty();
        assertThat(warnings).hasSize(1);
    }

    @Test
    void saysWhyThereAreNone() {
        assumeFalse(LanesKernels.available());

        assertThatIllegalArgumentException()
                .isThrownBy(() -> CryptoProviders.byName("lanes"))
                .withMessageContaining(LanesKernels.reason());
        assertThat(CryptoProviders.byName("auto").name()).isEqualTo("sodium");
    }

    @ParameterizedTest
    @EnumSource(LanesLevel.class)
    void givesTheKernelsOfALevelByNameWhereItRuns(LanesLevel level) {
        final String name = "lanes:" + level.name().toLowerCase(Locale.ROOT);

        if (LanesLibrary.level().filter(level::runsWhere).isPresent()) {
            final BatchCrypto provider = CryptoProviders.byName(name);
            assertThat(provider.name()).isEqualTo(name);
            assertThat(provider.kernels()).isEqualTo(level.word());
        } else {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> CryptoProviders.byName(name))
                    .withMessageContainingAll(name, level.word(), LanesLibrary.reason());
        }
    }

    @ParameterizedTest
    @EnumSource(LanesLevel.class)
    void listsTheLevelsThatCanBeForced(LanesLevel level) {
        final boolean runs = LanesLibrary.level().filter(level::runsWhere).isPresent();

        assertThat(List.of(LanesKernels.levels().split(", ")).contains(level.word()))
                .isEqualTo(runs);
    }

    @Test
    void autoIsLanesWhereTheyAre() {
        assertThat(CryptoProviders.byName("auto").name()).isEqualTo(LanesKernels.available() ? "lanes" : "sodium");
    }

    private LanesKernels.Choice choose(BatchCrypto kernels) {
        return LanesKernels.choose(
                "lanes",
                LanesLevel.IFMA,
                kernels,
                CryptoProviders.byName("sodium"),
                "instructions",
                clock,
                warnings::add);
    }

    private static BatchCrypto wrongIn(String method, int operand, int element) {
        return altered(method, args -> {
            if ((int) args[0] > element) {
                final long at = ((AddressArray) args[operand]).get(element);
                Bytes.flip(MemorySegment.ofAddress(at).reinterpret(16), 77);
            }
        });
    }

    /** Change of the arguments after a call. */
    private interface Alteration {
        void to(Object[] args);
    }

    private static BatchCrypto altered(String name, Alteration alteration) {
        final BatchCrypto real = CryptoProviders.byName("sodium");
        return (BatchCrypto) Proxy.newProxyInstance(
                BatchCrypto.class.getClassLoader(), new Class<?>[] {BatchCrypto.class}, (proxy, method, args) -> {
                    final Object result;
                    try {
                        result = method.invoke(real, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                    if (method.getName().equals(name)) {
                        alteration.to(args);
                    }
                    return result;
                });
    }
}
