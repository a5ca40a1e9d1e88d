package io.millrace.benchmarks;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import com.southernstorm.noise.protocol.CipherStatePair;
import com.southernstorm.noise.protocol.DHState;
import com.southernstorm.noise.protocol.Noise;
import io.millrace.crypto.MlKem768;
import io.millrace.crypto.MlKem768KeyPair;
import io.millrace.crypto.Randomness;
import io.millrace.crypto.SecureRandomness;
import io.millrace.crypto.X25519KeyPair;
import io.millrace.noise.CipherState;
import io.millrace.noise.HandshakeState;
import io.millrace.noise.NoiseProtocol;
import io.millrace.noise.NoiseTransport;
import io.millrace.noise.Role;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.security.GeneralSecurityException;
import java.util.concurrent.TimeUnit;
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
 * A whole Noise XK handshake, both sides, and a message sealed and opened, against noise-java.
 *
 * <p>Question: how many times faster? Baseline: noise-java, all of it in Java. A handshake takes six key agreements and
 * two key generations, and the guarded memory of two ends; a message two passes of ChaCha20-Poly1305. Run with {@code
 * -prof gc}: a message here allocates 0 B.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
public class NoiseBenchmark {
    private static final String NAME = "Noise_XK_25519_ChaChaPoly_SHA256";

    /** Text length in bytes: one HTX frame, the longest message. */
    @Param({"1024", "65519"})
    int length;

    private final Randomness randomness = new SecureRandomness();
    private final byte[] heapMessage = new byte[CipherState.MAX_MESSAGE_LENGTH];
    private final byte[] heapPayload = new byte[CipherState.MAX_MESSAGE_LENGTH];
    private Arena arena;
    private MemorySegment message;
    private MemorySegment payload;
    private X25519KeyPair initiatorKeys;
    private X25519KeyPair responderKeys;
    private NoiseTransport near;
    private NoiseTransport far;
    private DHState javaInitiatorKeys;
    private DHState javaResponderKeys;
    private CipherStatePair javaNear;
    private CipherStatePair javaFar;

    @Setup
    public void setUp() throws GeneralSecurityException {
        arena = Arena.ofShared();
        message = arena.allocate(CipherState.MAX_MESSAGE_LENGTH);
        payload = arena.allocate(CipherState.MAX_MESSAGE_LENGTH);
        initiatorKeys = X25519KeyPair.generate(randomness);
        responderKeys = X25519KeyPair.generate(randomness);
        javaInitiatorKeys = javaKeys(initiatorKeys);
        javaResponderKeys = javaKeys(responderKeys);
        handshake();
        noiseJavaHandshake();
    }

    @TearDown
    public void tearDown() {
        near.close();
        far.close();
        initiatorKeys.close();
        responderKeys.close();
        arena.close();
    }

    /** Three messages between two fresh ends; keeps the session for the message benchmarks. */
    @Benchmark
    public NoiseTransport handshake() {
        if (near != null) {
            near.close();
            far.close();
        }
        final HandshakeState initiator = HandshakeState.of(NoiseProtocol.XK_SHA256, Role.INITIATOR)
                .localStatic(initiatorKeys)
                .remoteStatic(responderKeys.publicKey())
                .randomness(randomness)
                .start();
        final HandshakeState responder = HandshakeState.of(NoiseProtocol.XK_SHA256, Role.RESPONDER)
                .localStatic(responderKeys)
                .randomness(randomness)
                .start();
        while (!initiator.isComplete()) {
            final boolean there = initiator.isTurnToWrite();
            final int written = (there ? initiator : responder).writeMessage(payload, 0, message);
            (there ? responder : initiator).readMessage(message, written, payload);
        }
        near = initiator.split();
        far = responder.split();
        return near;
    }

    /** As {@link #handshake}, with an ephemeral ML-KEM-768 exchange whose secret is the pre-shared key. */
    @Benchmark
    public NoiseTransport hybridHandshake() {
        try (HandshakeState initiator = HandshakeState.of(NoiseProtocol.XKPSK3_SHA256, Role.INITIATOR)
                        .localStatic(initiatorKeys)
                        .remoteStatic(responderKeys.publicKey())
                        .pskLater()
                        .randomness(randomness)
                        .start();
                HandshakeState responder = HandshakeState.of(NoiseProtocol.XKPSK3_SHA256, Role.RESPONDER)
                        .localStatic(responderKeys)
                        .pskLater()
                        .randomness(randomness)
                        .start();
                MlKem768KeyPair kem = MlKem768KeyPair.generate(randomness);
                Arena scratch = Arena.ofConfined()) {
            final MemorySegment secret = scratch.allocate(MlKem768.SECRET_LENGTH);
            final MemorySegment ciphertext = scratch.allocate(MlKem768.CIPHERTEXT_LENGTH);
            final int first = initiator.writeMessage(kem.publicKey(), MlKem768.KEY_LENGTH, message);
            responder.readMessage(message, first, payload);
            MlKem768.encapsulate(payload.asSlice(0, MlKem768.KEY_LENGTH), randomness, ciphertext, secret);
            responder.givePsk(secret);
            final int second = responder.writeMessage(ciphertext, MlKem768.CIPHERTEXT_LENGTH, message);
            initiator.readMessage(message, second, payload);
            kem.decapsulate(payload.asSlice(0, MlKem768.CIPHERTEXT_LENGTH), secret);
            initiator.givePsk(secret);
            final int third = initiator.writeMessage(payload, 0, message);
            responder.readMessage(message, third, payload);
            near.close();
            far.close();
            near = initiator.split();
            far = responder.split();
            return near;
        }
    }

    /** The same by noise-java; static keys are made once, as above. */
    @Benchmark
    public CipherStatePair noiseJavaHandshake() throws GeneralSecurityException {
        final var initiator = javaState(com.southernstorm.noise.protocol.HandshakeState.INITIATOR, javaInitiatorKeys);
        final var responder = javaState(com.southernstorm.noise.protocol.HandshakeState.RESPONDER, javaResponderKeys);
        final byte[] responderKey = new byte[32];
        javaResponderKeys.getPublicKey(responderKey, 0);
        initiator.getRemotePublicKey().setPublicKey(responderKey, 0);
        initiator.start();
        responder.start();
        while (initiator.getAction() != com.southernstorm.noise.protocol.HandshakeState.SPLIT) {
            final boolean there =
                    initiator.getAction() == com.southernstorm.noise.protocol.HandshakeState.WRITE_MESSAGE;
            final int written = (there ? initiator : responder).writeMessage(heapMessage, 0, heapPayload, 0, 0);
            (there ? responder : initiator).readMessage(heapMessage, 0, written, heapPayload, 0);
        }
        javaNear = initiator.split();
        javaFar = responder.split();
        return javaNear;
    }

    private static com.southernstorm.noise.protocol.HandshakeState javaState(int role, DHState keys)
            throws GeneralSecurityException {
        final var state = new com.southernstorm.noise.protocol.HandshakeState(NAME, role);
        state.getLocalKeyPair().copyFrom(keys);
        return state;
    }

    private static DHState javaKeys(X25519KeyPair keys) throws GeneralSecurityException {
        final DHState java = Noise.createDH("25519");
        java.setPrivateKey(keys.secretKey().toArray(JAVA_BYTE), 0);
        return java;
    }

    /** One message sealed and opened. */
    @Benchmark
    public int message() {
        final int sealed = near.send().encryptInPlace(message, 0, length);
        return far.receive().decryptInPlace(message, 0, sealed);
    }

    /** The same by noise-java. */
    @Benchmark
    public int noiseJavaMessage() throws GeneralSecurityException {
        final int sealed = javaNear.getSender().encryptWithAd(null, heapMessage, 0, heapMessage, 0, length);
        return javaFar.getReceiver().decryptWithAd(null, heapMessage, 0, heapMessage, 0, sealed);
    }
}
