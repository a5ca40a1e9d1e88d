package io.millrace.rig.knee.subject;

import io.millrace.crypto.SecretKey;
import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.node.config.EngineSettings;
import io.millrace.rig.crypto.CheatingCrypto;
import io.millrace.rig.judge.Mutant;
import io.millrace.vrf.EcvrfSecretKey;
import java.lang.foreign.Arena;

/** Makes the delay key and the crypto provider of a subject; the generator has the same key and knows each delay. */
public final class Samplers {
    private Samplers() {}

    public static EcvrfSecretKey vrfKey(String seedHex) {
        try (SecretKey seed = RelaySubject.secret(seedHex)) {
            return EcvrfSecretKey.fromSeed(seed.segment());
        }
    }

    /** The relay's provider, which cheats if the setup says so. */
    static BatchCrypto crypto(SubjectSetup setup, EngineSettings settings) {
        final BatchCrypto honest = settings.crypto();
        return setup.mutant().isEmpty()
                ? honest
                : new CheatingCrypto(honest, Mutant.byLabel(setup.mutant()), settings.distribution(), Arena.global());
    }
}
