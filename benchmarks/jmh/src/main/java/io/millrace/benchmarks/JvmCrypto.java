package io.millrace.benchmarks;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import com.goterl.lazysodium.SodiumJava;
import java.security.Provider;
import java.security.Security;
import java.util.SplittableRandom;
import org.conscrypt.Conscrypt;

/**
 * The other ways from the JVM to a primitive, by the names that {@code @Param} gives them: {@code jdk}, {@code
 * corretto} and {@code conscrypt} are providers of the JCA, {@code bouncycastle} is called without it, {@code
 * lazysodium} is the libsodium of {@code sodium} through JNA.
 */
final class JvmCrypto {
    private JvmCrypto() {}

    /** The JCA provider of that name; for the JDK, the one that has {@code service}. */
    static Provider provider(String name, String service) {
        return switch (name) {
            case "jdk" -> Security.getProviders(service)[0];
            case "corretto" -> {
                AmazonCorrettoCryptoProvider.INSTANCE.assertHealthy();
                yield AmazonCorrettoCryptoProvider.INSTANCE;
            }
            case "conscrypt" -> Conscrypt.newProvider();
            default -> throw new IllegalArgumentException("no JCA provider: " + name);
        };
    }

    /** libsodium through JNA. */
    static SodiumJava lazySodium() {
        return new SodiumJava();
    }

    /** Bytes that look random. */
    static byte[] bytes(int length, int seed) {
        final byte[] bytes = new byte[length];
        new SplittableRandom(seed).nextBytes(bytes);
        return bytes;
    }
}
