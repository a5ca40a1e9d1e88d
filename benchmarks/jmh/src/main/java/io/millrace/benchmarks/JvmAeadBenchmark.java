package io.millrace.benchmarks;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import com.goterl.lazysodium.SodiumJava;
import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.crypto.provider.CryptoProviders;
import io.millrace.memory.AddressArray;
import io.millrace.memory.StatusArray;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.modes.ChaCha20Poly1305;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;
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
 * What does sealing one text with ChaCha20-Poly1305 cost by each way from the JVM, and opening it?
 *
 * <p>Baseline: {@code sodium}, one call of libsodium through FFM, in place and off the heap; {@code lazysodium} is the
 * same library through JNA, which copies arrays both ways. Amazon Corretto's provider has no ChaCha20-Poly1305. Each
 * message has its own nonce, as the JCA demands. Expected: at 64 bytes the way there dominates and FFM is far
 * ahead; at 16,384 the loop over the bytes does, where the JDK's intrinsics and BoringSSL's assembly pass libsodium's
 * portable code; 0 B/op for {@code sodium} under {@code -prof gc}, and for the JDK more than the text's own length.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
public class JvmAeadBenchmark {
    private static final int TAG_LENGTH = BatchCrypto.AEAD_TAG_LENGTH;
    private static final int NONCE_LENGTH = BatchCrypto.AEAD_NONCE_LENGTH;

    /** The way. */
    @Param({"sodium", "lazysodium", "jdk", "bouncycastle", "conscrypt"})
    public String way;

    /** Length of the text in bytes. */
    @Param({"64", "1280", "2050", "16384"})
    public int length;

    private final byte[] key = JvmCrypto.bytes(BatchCrypto.KEY_LENGTH, 2);
    private final byte[] nonce = new byte[NONCE_LENGTH];
    private byte[] text;
    private byte[] sealed;
    private byte[] opened;
    private byte[] firstSealed;
    private Arena arena;
    private BatchCrypto crypto;
    private MemorySegment nativeText;
    private MemorySegment nativeSealed;
    private AddressArray texts;
    private AddressArray tags;
    private AddressArray noAd;
    private AddressArray nonces;
    private AddressArray keys;
    private StatusArray ok;
    private SodiumJava lazySodium;
    private Cipher cipher;
    private SecretKeySpec cipherKey;
    private final ChaCha20Poly1305 bouncyCastle = new ChaCha20Poly1305();
    private KeyParameter bouncyKey;
    private long counter;

    /** Seals once by libsodium and checks that this way gives the same. */
    @Setup
    public void setUp() throws GeneralSecurityException, InvalidCipherTextException {
        text = JvmCrypto.bytes(length, 3);
        sealed = new byte[length + TAG_LENGTH];
        opened = new byte[length + TAG_LENGTH];
        setUpSodium();
        final byte[] expected = sodiumSealed();
        switch (way) {
            case "sodium" -> {}
            case "lazysodium" -> lazySodium = JvmCrypto.lazySodium();
            case "bouncycastle" -> bouncyKey = new KeyParameter(key);
            default -> {
                final Provider provider = JvmCrypto.provider(way, "Cipher.ChaCha20-Poly1305");
                cipher = Cipher.getInstance(
                        way.equals("conscrypt") ? "ChaCha20/Poly1305/NoPadding" : "ChaCha20-Poly1305", provider);
                cipherKey = new SecretKeySpec(key, "ChaCha20");
            }
        }
        if (!way.equals("sodium")) {
            sealHeap();
            if (!Arrays.equals(sealed, expected)) {
                throw new AssertionError("sealed otherwise: way=" + way);
            }
        }
        firstSealed = expected;
    }

    /** Frees the operands. */
    @TearDown
    public void tearDown() {
        arena.close();
    }

    /** Seals one text under a new nonce. */
    @Benchmark
    public Object seal() throws GeneralSecurityException, InvalidCipherTextException {
        nextNonce();
        if (way.equals("sodium")) {
            crypto.aeadSeal(1, texts, length, tags, noAd, 0, nonces, keys);
            return texts;
        }
        return sealHeap();
    }

    /** Opens one that is authentic. For {@code sodium} the copy that brings the sealed text back is in it. */
    @Benchmark
    public Object open() throws GeneralSecurityException, InvalidCipherTextException {
        Arrays.fill(nonce, (byte) 0);
        switch (way) {
            case "sodium" -> {
                MemorySegment.copy(nativeSealed, 0, nativeText, 0, length + (long) TAG_LENGTH);
                crypto.aeadOpen(1, texts, length, tags, noAd, 0, nonces, keys, ok);
                require(ok.ok(0));
            }
            case "lazysodium" ->
                require(lazySodium.crypto_aead_chacha20poly1305_ietf_decrypt(
                                opened, null, null, firstSealed, firstSealed.length, null, 0, nonce, key)
                        == 0);
            case "bouncycastle" -> {
                bouncyCastle.init(false, new AEADParameters(bouncyKey, 128, nonce));
                final int done = bouncyCastle.processBytes(firstSealed, 0, firstSealed.length, opened, 0);
                require(done + bouncyCastle.doFinal(opened, done) == length);
            }
            default -> {
                cipher.init(Cipher.DECRYPT_MODE, cipherKey, new IvParameterSpec(nonce));
                require(cipher.doFinal(firstSealed, 0, firstSealed.length, opened, 0) == length);
            }
        }
        return opened;
    }

    private byte[] sealHeap() throws GeneralSecurityException, InvalidCipherTextException {
        switch (way) {
            case "lazysodium" ->
                lazySodium.crypto_aead_chacha20poly1305_ietf_encrypt(
                        sealed, null, text, length, null, 0, null, nonce, key);
            case "bouncycastle" -> {
                bouncyCastle.init(true, new AEADParameters(bouncyKey, 128, nonce));
                final int done = bouncyCastle.processBytes(text, 0, length, sealed, 0);
                bouncyCastle.doFinal(sealed, done);
            }
            default -> {
                cipher.init(Cipher.ENCRYPT_MODE, cipherKey, new IvParameterSpec(nonce));
                cipher.doFinal(text, 0, length, sealed, 0);
            }
        }
        return sealed;
    }

    private void nextNonce() {
        counter++;
        for (int i = 0; i < Long.BYTES; i++) {
            nonce[i] = (byte) (counter >>> (8 * i));
        }
    }

    private void setUpSodium() {
        arena = Arena.ofShared();
        crypto = CryptoProviders.byName("sodium");
        nativeText = arena.allocate(length + TAG_LENGTH, 64);
        nativeSealed = arena.allocate(length + TAG_LENGTH, 64);
        MemorySegment.copy(MemorySegment.ofArray(text), 0, nativeText, 0, length);
        texts = new AddressArray(arena, 1).fill(1, nativeText, 0, length);
        tags = new AddressArray(arena, 1).fill(1, nativeText, length, TAG_LENGTH);
        noAd = new AddressArray(arena, 1).fill(1, arena.allocate(1), 0, 0);
        nonces = new AddressArray(arena, 1).fill(1, arena.allocate(NONCE_LENGTH), 0, NONCE_LENGTH);
        keys = new AddressArray(arena, 1)
                .fill(1, arena.allocate(key.length).copyFrom(MemorySegment.ofArray(key)), 0, key.length);
        ok = new StatusArray(arena, 1);
    }

    private byte[] sodiumSealed() {
        crypto.aeadSeal(1, texts, length, tags, noAd, 0, nonces, keys);
        nativeSealed.copyFrom(nativeText);
        return nativeSealed.toArray(JAVA_BYTE);
    }

    private static void require(boolean authentic) {
        if (!authentic) {
            throw new AssertionError("an authentic text was refused");
        }
    }
}
