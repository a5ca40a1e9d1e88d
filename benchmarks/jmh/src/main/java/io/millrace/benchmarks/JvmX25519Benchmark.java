package io.millrace.benchmarks;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import com.goterl.lazysodium.SodiumJava;
import io.millrace.crypto.X25519Keys;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import javax.crypto.KeyAgreement;
import org.bouncycastle.math.ec.rfc7748.X25519;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does one X25519 cost by each way from the JVM?
 *
 * <p>Baseline: {@code sodium}, one call of libsodium through FFM with off-heap operands; {@code lazysodium} is the same
 * library through JNA and arrays, so the difference is the way there. Amazon Corretto's provider has no X25519.
 * Expected: conscrypt (BoringSSL, assembly) and sodium close together, JNA within a few percent of FFM since the call
 * is long, bouncycastle at about twice, the JDK at about three times; 0 B/op for {@code sodium} under {@code -prof gc},
 * hundreds of bytes and more elsewhere. {@link X25519Benchmark} has the batches that none of the others offers.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
public class JvmX25519Benchmark {
    private static final int LENGTH = X25519Keys.LENGTH;

    /** RFC 8410: prefix of the 32 bytes of a secret and of a public key. */
    private static final byte[] PKCS8 = HexFormat.of().parseHex("302e020100300506032b656e04220420");

    private static final byte[] X509 = HexFormat.of().parseHex("302a300506032b656e032100");

    /** The way. */
    @Param({"sodium", "lazysodium", "jdk", "bouncycastle", "conscrypt"})
    public String way;

    private final byte[] scalar = JvmCrypto.bytes(LENGTH, 1);
    private final byte[] point = new byte[LENGTH];
    private final byte[] shared = new byte[LENGTH];
    private Arena arena;
    private MemorySegment nativeScalar;
    private MemorySegment nativePoint;
    private MemorySegment nativeShared;
    private SodiumJava lazySodium;
    private KeyAgreement agreement;
    private PrivateKey secretKey;
    private PublicKey publicKey;

    /** Makes a key pair and checks that all ways agree. */
    @Setup
    public void setUp() throws GeneralSecurityException {
        arena = Arena.ofShared();
        nativeScalar = arena.allocate(LENGTH).copyFrom(MemorySegment.ofArray(scalar));
        nativePoint = arena.allocate(LENGTH);
        nativeShared = arena.allocate(LENGTH);
        try (Arena scratch = Arena.ofConfined()) {
            X25519Keys.publicKey(nativePoint, scratch.allocate(LENGTH).fill((byte) 7));
        }
        MemorySegment.copy(nativePoint, 0, MemorySegment.ofArray(point), 0, LENGTH);
        switch (way) {
            case "sodium", "bouncycastle" -> {}
            case "lazysodium" -> lazySodium = JvmCrypto.lazySodium();
            default -> {
                final Provider provider = JvmCrypto.provider(way, "KeyAgreement.XDH");
                agreement = KeyAgreement.getInstance("XDH", provider);
                final KeyFactory keys = KeyFactory.getInstance("XDH", provider);
                secretKey = keys.generatePrivate(new PKCS8EncodedKeySpec(concatenated(PKCS8, scalar)));
                publicKey = keys.generatePublic(new X509EncodedKeySpec(concatenated(X509, point)));
            }
        }
        X25519Keys.sharedSecret(nativeShared, nativeScalar, nativePoint);
        if (!Arrays.equals(agree(), nativeShared.toArray(JAVA_BYTE))) {
            throw new AssertionError("another shared secret: way=" + way);
        }
    }

    /** Frees the operands. */
    @TearDown
    public void tearDown() {
        arena.close();
    }

    /** One shared secret. */
    @Benchmark
    public Object sharedSecret() throws GeneralSecurityException {
        if (way.equals("sodium")) {
            return X25519Keys.sharedSecret(nativeShared, nativeScalar, nativePoint);
        }
        return agree();
    }

    private byte[] agree() throws GeneralSecurityException {
        switch (way) {
            case "sodium" -> {
                X25519Keys.sharedSecret(nativeShared, nativeScalar, nativePoint);
                return nativeShared.toArray(JAVA_BYTE);
            }
            case "lazysodium" -> lazySodium.crypto_scalarmult(shared, scalar, point);
            case "bouncycastle" -> X25519.scalarMult(scalar, 0, point, 0, shared, 0);
            default -> {
                agreement.init(secretKey);
                agreement.doPhase(publicKey, true);
                return agreement.generateSecret();
            }
        }
        return shared;
    }

    private static byte[] concatenated(byte[] prefix, byte[] key) {
        final byte[] both = Arrays.copyOf(prefix, prefix.length + key.length);
        System.arraycopy(key, 0, both, prefix.length, key.length);
        return both;
    }
}
