package io.millrace.benchmarks;

import com.goterl.lazysodium.SodiumJava;
import io.millrace.crypto.Sha256;
import io.millrace.crypto.Sha512;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.crypto.ExtendedDigest;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.digests.SHA512Digest;
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
 * What does a hash cost by each way from the JVM, SHA-256 and SHA-512?
 *
 * <p>Baseline: {@code sodium}, one call of libsodium through FFM; its SHA-2 is portable C. Expected: with the
 * processor's SHA instructions the JDK's intrinsic, corretto and conscrypt are several times faster at SHA-256 on long
 * texts, and bouncycastle near libsodium; at SHA-512 all within a factor of two. At 64 bytes the way there counts. 0
 * B/op under {@code -prof gc} for {@code sodium}. This is why short hashes have a separate way ({@link
 * ShortHashBenchmark}).
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
public class JvmHashBenchmark {
    /** The way. */
    @Param({"sodium", "lazysodium", "jdk", "bouncycastle", "corretto", "conscrypt"})
    public String way;

    /** Length of the text in bytes. */
    @Param({"64", "1024", "16384"})
    public int length;

    private final byte[] digest256 = new byte[Sha256.LENGTH];
    private final byte[] digest512 = new byte[Sha512.LENGTH];
    private byte[] text;
    private Arena arena;
    private MemorySegment nativeText;
    private MemorySegment native256;
    private MemorySegment native512;
    private SodiumJava lazySodium;
    private MessageDigest jca256;
    private MessageDigest jca512;
    private final ExtendedDigest bouncy256 = new SHA256Digest();
    private final ExtendedDigest bouncy512 = new SHA512Digest();

    /** Lays out the text and checks that this way hashes as libsodium does. */
    @Setup
    public void setUp() throws NoSuchAlgorithmException, DigestException {
        text = JvmCrypto.bytes(length, 6);
        arena = Arena.ofShared();
        nativeText = arena.allocate(length).copyFrom(MemorySegment.ofArray(text));
        native256 = arena.allocate(Sha256.LENGTH);
        native512 = arena.allocate(Sha512.LENGTH);
        Sha256.hash(native256, nativeText);
        Sha512.hash(native512, nativeText);
        switch (way) {
            case "sodium", "bouncycastle" -> {}
            case "lazysodium" -> lazySodium = JvmCrypto.lazySodium();
            default -> {
                jca256 = MessageDigest.getInstance("SHA-256", JvmCrypto.provider(way, "MessageDigest.SHA-256"));
                jca512 = MessageDigest.getInstance("SHA-512", JvmCrypto.provider(way, "MessageDigest.SHA-512"));
            }
        }
        sha256();
        sha512();
        if (!way.equals("sodium")
                && (native256.mismatch(MemorySegment.ofArray(digest256)) >= 0
                        || native512.mismatch(MemorySegment.ofArray(digest512)) >= 0)) {
            throw new AssertionError("another hash: way=" + way);
        }
    }

    /** Frees the operands. */
    @TearDown
    public void tearDown() {
        arena.close();
    }

    /** SHA-256. */
    @Benchmark
    public Object sha256() throws DigestException {
        switch (way) {
            case "sodium" -> Sha256.hash(native256, nativeText);
            case "lazysodium" -> lazySodium.crypto_hash_sha256(digest256, text, length);
            case "bouncycastle" -> hash(bouncy256, digest256);
            default -> hash(jca256, digest256);
        }
        return digest256;
    }

    /** SHA-512. */
    @Benchmark
    public Object sha512() throws DigestException {
        switch (way) {
            case "sodium" -> Sha512.hash(native512, nativeText);
            case "lazysodium" -> lazySodium.crypto_hash_sha512(digest512, text, length);
            case "bouncycastle" -> hash(bouncy512, digest512);
            default -> hash(jca512, digest512);
        }
        return digest512;
    }

    private void hash(ExtendedDigest digest, byte[] out) {
        digest.update(text, 0, length);
        digest.doFinal(out, 0);
    }

    private void hash(MessageDigest digest, byte[] out) throws DigestException {
        digest.update(text);
        digest.digest(out, 0, out.length);
    }
}
