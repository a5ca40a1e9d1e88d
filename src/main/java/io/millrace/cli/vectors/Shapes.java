package io.millrace.cli.vectors;

import io.millrace.crypto.provider.BatchCrypto;
import java.util.List;

/** All shapes that this program knows; no file matches two of them. */
final class Shapes {
    private Shapes() {}

    static List<VectorShape> all(BatchCrypto batch) {
        final ProviderUnderTest provider = new ProviderUnderTest(batch);
        return List.of(
                new WycheproofX25519(provider),
                new WycheproofEd25519(),
                new WycheproofAead(provider),
                new WycheproofHkdf(),
                new WycheproofHmac(),
                new RfcX25519(provider),
                new SignedEd25519(),
                new RfcHkdf(),
                new RfcChaCha20(),
                new RfcPoly1305(),
                new BoringAead(provider),
                new OpensslAead(provider),
                new CctvEd25519(),
                new EcvrfProofs(),
                new EcvrfRefusals(),
                new NoiseHandshakes(),
                new MerkleInclusion(),
                new MerkleConsistency(),
                new SphinxPackets(batch));
    }
}
