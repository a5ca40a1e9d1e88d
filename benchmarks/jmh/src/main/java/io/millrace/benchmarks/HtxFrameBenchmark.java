package io.millrace.benchmarks;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import com.southernstorm.noise.protocol.CipherState;
import com.southernstorm.noise.protocol.Noise;
import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.crypto.provider.CryptoProviders;
import io.millrace.frame.Frame;
import io.millrace.frame.FrameOpener;
import io.millrace.frame.FrameSealer;
import io.millrace.frame.FrameType;
import io.millrace.frame.ReceivingKeySchedule;
import io.millrace.frame.RekeyLimits;
import io.millrace.frame.SendingKeySchedule;
import io.millrace.memory.AddressArray;
import io.millrace.memory.StatusArray;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A STREAM frame with 1,024 bytes of payload, sealed and opened in place.
 *
 * <p>Question: how many times faster than noise-java, which does no more than its two passes of ChaCha20-Poly1305 over
 * the same bytes, and which cost does the frame add to the AEAD? Baselines: noise-java's {@code CipherState}, and libsodium's
 * AEAD alone. Expected: at least 3 times, at most 1.18 times the bare AEAD; 0 B/op with {@code -prof gc}.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
public class HtxFrameBenchmark {
    private static final int STREAM_ID = 1;
    private static final int PAYLOAD_LENGTH = 1_024;
    private static final int TEXT_LENGTH = 2 + PAYLOAD_LENGTH;
    private static final int NONCE_COUNTER_OFFSET = 4;

    /** No change of key comes between: {@code bench htx} measures those. */
    private static final RekeyLimits NEVER = new RekeyLimits(Integer.MAX_VALUE, Long.MAX_VALUE, Duration.ofDays(1));

    private final Arena arena = Arena.ofShared();
    private final BatchCrypto crypto = CryptoProviders.byName("sodium");
    private final byte[] heapFrame = new byte[TEXT_LENGTH + Frame.TAG_LENGTH];
    private final byte[] heapAd = new byte[Frame.LENGTH_FIELD];
    private FrameSealer sealer;
    private FrameOpener opener;
    private SendingKeySchedule sending;
    private ReceivingKeySchedule receiving;
    private CipherState javaSending;
    private CipherState javaReceiving;
    private MemorySegment nonceBytes;
    private AddressArray text;
    private AddressArray tag;
    private AddressArray ad;
    private AddressArray nonce;
    private AddressArray key;
    private StatusArray ok;
    private long bareCounter;

    @Setup
    public void setUp() throws GeneralSecurityException {
        final MemorySegment memory = arena.allocate(2L * Frame.frameLength(STREAM_ID, PAYLOAD_LENGTH), 64);
        final MemorySegment keyBytes = arena.allocate(BatchCrypto.KEY_LENGTH).fill((byte) 7);
        sealer = new FrameSealer(arena, crypto, memory);
        opener = new FrameOpener(arena, crypto, memory, Frame.DEFAULT_MAX_LENGTH);
        sending = new SendingKeySchedule(keyBytes, NEVER, 0);
        receiving = new ReceivingKeySchedule(keyBytes, NEVER, 0);
        javaSending = Noise.createCipher("ChaChaPoly");
        javaReceiving = Noise.createCipher("ChaChaPoly");
        javaSending.initializeKey(new byte[BatchCrypto.KEY_LENGTH], 0);
        javaReceiving.initializeKey(new byte[BatchCrypto.KEY_LENGTH], 0);
        nonceBytes = arena.allocate(BatchCrypto.AEAD_NONCE_LENGTH + 4L, 16);
        ad = new AddressArray(arena, 1).fill(1, memory, 0, 0);
        text = new AddressArray(arena, 1).fill(1, memory, Frame.LENGTH_FIELD, 0);
        tag = new AddressArray(arena, 1).fill(1, memory, Frame.LENGTH_FIELD + TEXT_LENGTH, 0);
        nonce = new AddressArray(arena, 1).fill(1, nonceBytes, 0, 0);
        key = new AddressArray(arena, 1).fill(1, keyBytes, 0, 0);
        ok = new StatusArray(arena, 1);
    }

    @TearDown
    public void tearDown() {
        sending.close();
        receiving.close();
        javaSending.destroy();
        javaReceiving.destroy();
        arena.close();
    }

    /** Header written, sealed, opened, parsed. */
    @Benchmark
    public int frame() {
        final int length = sealer.seal(sending, 0, FrameType.STREAM, STREAM_ID, PAYLOAD_LENGTH, 0);
        final int opened = opener.open(receiving, 0, length);
        if (opened != length) {
            throw new AssertionError("not opened");
        }
        return opened;
    }

    /** The same bytes sealed and opened by noise-java, without a header. */
    @Benchmark
    public int noiseJava() throws GeneralSecurityException {
        final int length = javaSending.encryptWithAd(heapAd, heapFrame, 0, heapFrame, 0, TEXT_LENGTH);
        return javaReceiving.decryptWithAd(heapAd, heapFrame, 0, heapFrame, 0, length);
    }

    /** The same bytes sealed and opened by libsodium's AEAD, without a header. */
    @Benchmark
    public boolean bareAead() {
        nonceBytes.set(JAVA_LONG_UNALIGNED, NONCE_COUNTER_OFFSET, bareCounter++);
        crypto.aeadSeal(1, text, TEXT_LENGTH, tag, ad, Frame.LENGTH_FIELD, nonce, key);
        crypto.aeadOpen(1, text, TEXT_LENGTH, tag, ad, Frame.LENGTH_FIELD, nonce, key, ok);
        if (!ok.ok(0)) {
            throw new AssertionError("not opened");
        }
        return ok.ok(0);
    }
}
