package io.millrace.vrf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.memory.TrackedArena;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Disclosures that a third party can check, and forged ones. */
class DelayProofTest {
    private static final long SEED = 42;
    private static final HexFormat HEX = HexFormat.of();
    private static final DelayDistribution EXPONENTIAL = DelayDistribution.exponential(1_000_000, 10_000_000);
    private static final byte[] RELAY_ID = HEX.parseHex("000102030405060708090a0b0c0d0e0f");

    private long liveBytesBefore;
    private EcvrfSecretKey key;
    private byte[] publicKey;

    @BeforeEach
    void makeKey() {
        liveBytesBefore = TrackedArena.liveBytes();
        key = key(1);
        publicKey = key.publicKey().toArray(ValueLayout.JAVA_BYTE);
    }

    @AfterEach
    void nothingLeaks() {
        key.close();
        assertThat(TrackedArena.liveBytes()).isEqualTo(liveBytesBefore);
    }

    @Test
    void anOpenedEpochShowsTheDelaysThatWereGiven() {
        final SplittableRandom random = new SplittableRandom(SEED);
        final long[] tags = random.longs(40).toArray();
        final long[] delays = new long[20];
        final EpochDelayProof proof;
        try (DelaySampler sampler = DelaySampler.epochVrf(EXPONENTIAL);
                DelayEpoch epoch = DelayEpoch.prepare(key, RELAY_ID, 5)) {
            for (int i = 0; i < delays.length; i++) {
                delays[i] = sampler.delayNs(tags[2 * i], tags[2 * i + 1], 0, epoch);
            }
            proof = EpochDelayProof.fromByteArray(
                    epoch.takeDiscloser().disclose().toByteArray());
        }

        assertThat(proof.epoch()).isEqualTo(5);
        assertThat(proof.verify(RELAY_ID, publicKey)).isTrue();
        for (int i = 0; i < delays.length; i++) {
            assertThat(proof.delayOf(EXPONENTIAL, tags[2 * i], tags[2 * i + 1])).isEqualTo(delays[i]);
        }
    }

    /** The worked example of {@code src/docs/specs/delay.md}, computed there with nothing of ours. */
    @Test
    void givesTheDelaysOfTheWorkedExample() {
        final long tagLow = 0x1716151413121110L;
        final long tagHigh = 0x1f1e1d1c1b1a1918L;
        assertThat(HEX.formatHex(publicKey))
                .isEqualTo("8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c");

        final EpochDelayProof proof = DelayEpoch.prepare(key, RELAY_ID, 5).disclose();
        assertThat(HEX.formatHex(proof.vrfOutput()))
                .isEqualTo("886fead5303b5d0c73e2b5d9abe723cb74330980d01caf5a9740ab54ba47644c"
                        + "4129a05eeaa10219035c7a7de7576dbeb5b6762adcd063d56b921722e5a6e222");
        assertThat(proof.delayOf(EXPONENTIAL, tagLow, tagHigh)).isEqualTo(387_159);
        assertThat(proof.delayOf(DelayDistribution.uniform(0, 5_000_000), tagLow, tagHigh))
                .isEqualTo(3_394_842);

        final PacketDelayProof packet = PacketDelayProof.prove(key, tagLow, tagHigh);
        assertThat(packet.verifiedDelay(publicKey, EXPONENTIAL)).hasValue(114_687);
        assertThat(packet.verifiedDelay(publicKey, DelayDistribution.uniform(0, 5_000_000)))
                .hasValue(4_458_198);
    }

    @Test
    void anOpeningFitsOneRelayOneKeyAndOneEpoch() {
        final EpochDelayProof proof = DelayEpoch.prepare(key, RELAY_ID, 5).disclose();
        final byte[] otherRelay = RELAY_ID.clone();
        otherRelay[15] ^= 1;

        assertThat(proof.verify(otherRelay, publicKey)).isFalse();
        try (EcvrfSecretKey other = key(2)) {
            assertThat(proof.verify(RELAY_ID, other.publicKey().toArray(ValueLayout.JAVA_BYTE)))
                    .isFalse();
        }
        assertThat(proof.verify(RELAY_ID, new byte[0])).isFalse();
        assertThatThrownBy(() -> proof.verify(new byte[15], publicKey)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> EpochDelayProof.fromByteArray(new byte[151]))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void everyByteOfAnOpeningCounts() {
        final byte[] encoded = DelayEpoch.prepare(key, RELAY_ID, 5).disclose().toByteArray();
        for (int i = 0; i < EpochDelayProof.LENGTH; i++) {
            encoded[i] ^= 1;
            assertThat(EpochDelayProof.fromByteArray(encoded).verify(RELAY_ID, publicKey))
                    .as("byte %d", i)
                    .isFalse();
            encoded[i] ^= 1;
        }
        assertThat(EpochDelayProof.fromByteArray(encoded).verify(RELAY_ID, publicKey))
                .isTrue();
    }

    @Test
    void aPacketsProofShowsTheDelayThatItWasGiven() {
        try (DelaySampler sampler = DelaySampler.packetVrf(EXPONENTIAL, key)) {
            final long delay = sampler.delayNs(11, 12, 0, null);
            final byte[] pi = PacketDelayProof.prove(key, 11, 12).pi();

            assertThat(PacketDelayProof.of(11, 12, pi).verifiedDelay(publicKey, EXPONENTIAL))
                    .hasValue(delay);
            assertThat(PacketDelayProof.of(11, 13, pi).verifiedDelay(publicKey, EXPONENTIAL))
                    .isEmpty();
            assertThat(PacketDelayProof.of(10, 12, pi).verifiedDelay(publicKey, EXPONENTIAL))
                    .isEmpty();
            assertThat(PacketDelayProof.of(11, 12, new byte[0]).verifiedDelay(publicKey, EXPONENTIAL))
                    .isEmpty();
            pi[50] ^= 1;
            assertThat(PacketDelayProof.of(11, 12, pi).verifiedDelay(publicKey, EXPONENTIAL))
                    .isEmpty();
        }
    }

    @Test
    void theRightToOpenAnEpochKeyHasOneHolder() {
        try (DelayEpoch epoch = DelayEpoch.prepare(key, RELAY_ID, 5)) {
            final DelayDiscloser discloser = epoch.takeDiscloser();
            assertThatThrownBy(epoch::takeDiscloser).isInstanceOf(IllegalStateException.class);
            assertThat(discloser.disclose().verify(RELAY_ID, publicKey)).isTrue();
            assertThatThrownBy(discloser::disclose).isInstanceOf(IllegalStateException.class);
        }
    }

    /** No method that an owner of the key may call gives what {@link DelayDiscloser} gives. */
    @Test
    void noPublicMethodOfAnEpochKeyDisclosesIt() {
        assertThat(Arrays.stream(DelayEpoch.class.getDeclaredMethods())
                        .filter(method -> Modifier.isPublic(method.getModifiers()))
                        .map(Method::getName))
                .containsExactlyInAnyOrder("prepare", "epoch", "takeDiscloser", "close", "toString");
        assertThat(DelayDiscloser.class.getConstructors()).isEmpty();
    }

    @Test
    void anOpenedOrClosedEpochKeyIsGone() {
        final DelayEpoch opened = DelayEpoch.prepare(key, RELAY_ID, 5);
        opened.disclose();
        assertThatThrownBy(opened::vrfOutput).isInstanceOf(IllegalStateException.class);

        final DelayEpoch closed = DelayEpoch.prepare(key, RELAY_ID, 5);
        closed.close();
        assertThatThrownBy(closed::disclose).isInstanceOf(IllegalStateException.class);
    }

    private static EcvrfSecretKey key(int fill) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment seed = arena.allocate(EcvrfSuite.SEED_LENGTH);
            seed.fill((byte) fill);
            return EcvrfSecretKey.fromSeed(seed);
        }
    }
}
