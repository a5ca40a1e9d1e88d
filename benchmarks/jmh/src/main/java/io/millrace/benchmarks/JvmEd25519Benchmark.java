package io.millrace.benchmarks;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import com.goterl.lazysodium.SodiumJava;
import io.millrace.crypto.Ed25519;
import io.millrace.crypto.Ed25519KeyPair;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Provider;
import java.security.Signature;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;
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
 * What does an Ed25519 signature over 110 bytes, the length of a receipt, cost by each way from the JVM: made and
 * verified?
 *
 * <p>Baseline: {@code sodium}, libsodium through FFM; {@code lazysodium} is the same library through JNA. Expected:
 * corretto and conscrypt (AWS-LC and BoringSSL) about level with libsodium when signing and somewhat ahead when
 * verifying, bouncycastle and the JDK several times slower; 0 B/op for {@code sodium} under {@code -prof gc}.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
public class JvmEd25519Benchmark {
    private static final int MESSAGE_LENGTH = 110;

    /** The way. */
    @Param({"sodium", "lazysodium", "jdk", "bouncycastle", "corretto", "conscrypt"})
    public String way;

    private final byte[] message = JvmCrypto.bytes(MESSAGE_LENGTH, 4);
    private Arena arena;
    private Ed25519KeyPair keyPair;
    private MemorySegment nativeMessage;
    private MemorySegment nativeSignature;
    private SodiumJava lazySodium;
    private byte[] lazySecretKey;
    private byte[] publicKey;
    private byte[] signature;
    private Signature signer;
    private Signature verifier;
    private final Ed25519Signer bouncySigner = new Ed25519Signer();
    private final Ed25519Signer bouncyVerifier = new Ed25519Signer();

    /** Makes a key and a valid signature. */
    @Setup
    public void setUp() throws GeneralSecurityException {
        final byte[] seed = JvmCrypto.bytes(Ed25519.SEED_LENGTH, 5);
        arena = Arena.ofShared();
        keyPair = Ed25519KeyPair.fromSeed(arena.allocate(Ed25519.SEED_LENGTH).copyFrom(MemorySegment.ofArray(seed)));
        nativeMessage = arena.allocate(MESSAGE_LENGTH).copyFrom(MemorySegment.ofArray(message));
        nativeSignature = arena.allocate(Ed25519.SIGNATURE_LENGTH);
        keyPair.sign(nativeSignature, nativeMessage);
        signature = nativeSignature.toArray(JAVA_BYTE);
        publicKey = keyPair.publicKey().toArray(JAVA_BYTE);
        switch (way) {
            case "sodium" -> {}
            case "lazysodium" -> {
                lazySodium = JvmCrypto.lazySodium();
                lazySecretKey = Arrays.copyOf(seed, 64);
                System.arraycopy(publicKey, 0, lazySecretKey, 32, 32);
            }
            case "bouncycastle" -> {
                bouncySigner.init(true, new Ed25519PrivateKeyParameters(seed));
                bouncyVerifier.init(false, new Ed25519PublicKeyParameters(publicKey));
            }
            default -> setUpProvider();
        }
        if (!verify()) {
            throw new AssertionError("a valid signature was refused: way=" + way);
        }
    }

    /** Wipes the key and frees the operands. */
    @TearDown
    public void tearDown() {
        keyPair.close();
        arena.close();
    }

    /** Makes a signature. */
    @Benchmark
    public Object sign() throws GeneralSecurityException {
        return switch (way) {
            case "sodium" -> {
                keyPair.sign(nativeSignature, nativeMessage);
                yield nativeSignature;
            }
            case "lazysodium" ->
                lazySodium.crypto_sign_detached(signature, null, message, MESSAGE_LENGTH, lazySecretKey);
            case "bouncycastle" -> {
                bouncySigner.update(message, 0, MESSAGE_LENGTH);
                yield bouncySigner.generateSignature();
            }
            default -> {
                signer.update(message);
                yield signer.sign();
            }
        };
    }

    /** Verifies a valid one. */
    @Benchmark
    public boolean verify() throws GeneralSecurityException {
        return switch (way) {
            case "sodium" -> Ed25519.verify(nativeSignature, nativeMessage, keyPair.publicKey());
            case "lazysodium" ->
                lazySodium.crypto_sign_verify_detached(signature, message, MESSAGE_LENGTH, publicKey) == 0;
            case "bouncycastle" -> {
                bouncyVerifier.update(message, 0, MESSAGE_LENGTH);
                yield bouncyVerifier.verifySignature(signature);
            }
            default -> {
                verifier.update(message);
                yield verifier.verify(signature);
            }
        };
    }

    private void setUpProvider() throws GeneralSecurityException {
        final Provider provider = JvmCrypto.provider(way, "Signature.EdDSA");
        // A key of the provider's own: one of another would be converted in every call.
        final KeyPair own = KeyPairGenerator.getInstance("EdDSA", provider).generateKeyPair();
        signer = Signature.getInstance("EdDSA", provider);
        signer.initSign(own.getPrivate());
        verifier = Signature.getInstance("EdDSA", provider);
        verifier.initVerify(own.getPublic());
        signer.update(message);
        signature = signer.sign();
    }
}
