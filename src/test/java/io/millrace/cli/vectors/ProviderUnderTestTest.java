package io.millrace.cli.vectors;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.crypto.provider.CryptoProviders;
import io.millrace.memory.AddressArray;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProviderUnderTestTest {
    // RFC 7748 section 5.2, first vector.
    private static final String SCALAR = "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4";
    private static final String POINT = "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c";
    private static final String OUT = "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552";

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment out = arena.allocate(32);

    @AfterEach
    void closeArena() {
        arena.close();
    }

    @Test
    void givesTheProvidersResult() {
        final ProviderUnderTest provider = new ProviderUnderTest(CryptoProviders.byName("sodium"));

        assertThat(provider.x25519(arena, out, bytes(SCALAR), bytes(POINT))).isTrue();
        assertThat(HexFormat.of().formatHex(out.toArray(JAVA_BYTE))).isEqualTo(OUT);
    }

    @Test
    void seesOneWrongElementOfABatch() {
        final ProviderUnderTest provider = new ProviderUnderTest(wrongInElement(7));

        assertThatThrownBy(() -> provider.x25519(arena, out, bytes(SCALAR), bytes(POINT)))
                .isInstanceOf(VectorMismatch.class)
                .hasMessageContaining("input 7 of 17");
    }

    /** The real provider, but for one bit in one result of a batch. */
    private static BatchCrypto wrongInElement(int element) {
        final BatchCrypto real = CryptoProviders.byName("sodium");
        return (BatchCrypto) Proxy.newProxyInstance(
                BatchCrypto.class.getClassLoader(), new Class<?>[] {BatchCrypto.class}, (proxy, method, args) -> {
                    final Object result;
                    try {
                        result = method.invoke(real, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                    if (method.getName().equals("x25519") && (int) args[0] > element) {
                        final MemorySegment wrong = MemorySegment.ofAddress(((AddressArray) args[1]).get(element))
                                .reinterpret(32);
                        wrong.set(JAVA_BYTE, 31, (byte) (wrong.get(JAVA_BYTE, 31) ^ 1));
                    }
                    return result;
                });
    }

    private MemorySegment bytes(String hex) {
        return arena.allocateFrom(JAVA_BYTE, HexFormat.of().parseHex(hex));
    }
}
