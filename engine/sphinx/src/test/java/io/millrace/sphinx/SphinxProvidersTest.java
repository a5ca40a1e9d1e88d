package io.millrace.sphinx;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.crypto.provider.CryptoProviders;
import io.millrace.crypto.provider.LanesKernels;
import io.millrace.test.SeededRandomness;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Every provider, batches of every size, and one packet alone give the same bytes. */
@ParameterizedClass
@EnumSource(SphinxProfile.class)
class SphinxProvidersTest {
    private static final long SEED = 20260115;

    @RegisterExtension
    final SphinxNetwork network;

    SphinxProvidersTest(SphinxProfile profile) {
        network = new SphinxNetwork(SEED, profile);
    }

    private static List<BatchCrypto> providers() {
        final List<BatchCrypto> all = new ArrayList<>(List.of(CryptoProviders.byName("sodium")));
        if (LanesKernels.available()) {
            all.add(CryptoProviders.byName("lanes"));
        }
        return all;
    }

    @Test
    void batchesOfEverySizeAreWrappedAndPeeledAlikeByEveryProvider() {
        for (int count = 1; count <= SphinxNetwork.LIMIT; count += count < 18 ? 1 : 15) {
            final List<byte[]> wrapped = new ArrayList<>();
            final List<byte[]> peeled = new ArrayList<>();
            for (BatchCrypto crypto : providers()) {
                final SphinxWrapper wrapper =
                        new SphinxWrapper(network.arena, crypto, new SeededRandomness(count), network.geometry, count);
                final SphinxPeeler peeler = new SphinxPeeler(network.arena, crypto, network.geometry, count);
                final PeelBatch batch = new PeelBatch(network.arena, network.geometry, network.packets, count);
                final WrapBatch wraps = new WrapBatch(network.geometry, network.packets, count);
                for (int i = 0; i < count; i++) {
                    wraps.add(network.path(1 + i % network.geometry.hops()), payload(i), network.slot(i));
                    batch.add(network.slot(i));
                }
                wrapper.wrap(wraps);
                final boolean first = wrapped.isEmpty();
                compare(wrapped, count, first);
                peeler.authenticate(network.relays.getFirst(), batch);
                peeler.transform(batch);
                for (int i = 0; i < count; i++) {
                    assertThat(batch.status(i)).isEqualTo(PeelStatus.OK);
                }
                compare(peeled, count, first);
            }
            assertAlikeAlone(wrapped, peeled);
        }
    }

    private static MemorySegment payload(int number) {
        return MemorySegment.ofArray(new byte[number * 15]);
    }

    /** Keeps the packets of the first provider, and compares those of the others with them. */
    private void compare(List<byte[]> kept, int count, boolean first) {
        for (int i = 0; i < count; i++) {
            if (first) {
                kept.add(network.packet(i));
            } else {
                assertThat(network.packet(i)).as("packet " + i + " of " + count).isEqualTo(kept.get(i));
            }
        }
    }

    private void assertAlikeAlone(List<byte[]> wrapped, List<byte[]> peeled) {
        for (int i = 0; i < wrapped.size(); i++) {
            network.put(wrapped.get(i), 0);
            assertThat(network.peel(0, 0)).isEqualTo(PeelStatus.OK);
            assertThat(network.packet(0)).isEqualTo(peeled.get(i));
        }
    }
}
