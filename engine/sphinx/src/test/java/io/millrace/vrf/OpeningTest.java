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
class OpeningTest {
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
        final EpochOpening opening;
        try (DelaySampler sampler = DelaySampler.epochVrf(EXPONENTIAL);
                EpochKey epoch = EpochKey.prepare(key, RELAY_ID, 5)) {
            for (int i = 0; i < delays.length; i++) {
                delays[i] = sampler.delayNs(tags[2 * i], tags[2 * i + 1], 0, epoch);
            }
            opening = EpochOpening.fromByteArray(epoch.takeOpener().open().toByteArray());
        }

        assertThat(opening.epoch()).isEqualTo(5);
        assertThat(opening.verify(RELAY_ID, publicKey)).isTrue();
        for (int i = 0; i < delays.length; i++) {
            assertThat(opening.delayOf(EXPONENTIAL, tags[2 * i], tags[2 * i + 1]))
                    .isEqualTo(delays[i]);
        }
    }

    /** The worked example of {@code src/docs/specs/delay.md}, computed there with nothing of ours. */
    @Test
    void givesTheDelaysOfTheWorkedExample() {
        final long tagLow = 0x1716151413121110L;
        final long tagHigh = 0x1f1e1d1c1b1a1918L;
        assertThat(HEX.formatHex(publicKey))
                .isEqualTo("8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c");

        final EpochOpening opening = EpochKey.prepare(key, RELAY_ID, 5).open();
        assertThat(HEX.formatHex(opening.vrfOutput()))
                .isEqualTo("886fead5303b5d0c73e2b5d9abe723cb74330980d01caf5a9740ab54ba47644c"
                        + "4129a05eeaa10219035c7a7de7576dbeb5b6762adcd063d56b921722e5a6e222");
        assertThat(opening.delayOf(EXPONENTIAL, tagLow, tagHigh)).isEqualTo(387_159);
        assertThat(opening.delayOf(DelayDistribution.uniform(0, 5_000_000), tagLow, tagHigh))
                .isEqualTo(3_394_842);

        final PacketOpening packet = PacketOpening.prove(key, tagLow, tagHigh);
        assertThat(packet.verifiedDelay(publicKey, EXPONENTIAL)).hasValue(114_687);
        assertThat(packet.verifiedDelay(publicKey, DelayDistribution.uniform(0, 5_000_000)))
                .hasValue(4_458_198);
    }

    @Test
    void anOpeningFitsOneRelayOneKeyAndOneEpoch() {
        final EpochOpening opening = EpochKey.prepare(key, RELAY_ID, 5).open();
        final byte[] otherRelay = RELAY_ID.clone();
        otherRelay[15] ^= 1;

        assertThat(opening.verify(otherRelay, publicKey)).isFalse();
        try (EcvrfSecretKey other = key(2)) {
            assertThat(opening.verify(RELAY_ID, other.publicKey().toArray(ValueLayout.JAVA_BYTE)))
                    .isFalse();
        }
        assertThat(opening.verify(RELAY_ID, new byte[0])).isFalse();
        assertThatThrownBy(() -> opening.verify(new byte[15], publicKey)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> EpochOpening.fromByteArray(new byte[151]))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void everyByteOfAnOpeningCounts() {
        final byte[] encoded = EpochKey.prepare(key, RELAY_ID, 5).open().toByteArray();
        for (int i = 0; i < EpochOpening.LENGTH; i++) {
            encoded[i] ^= 1;
            assertThat(EpochOpening.fromByteArray(encoded).verify(RELAY_ID, publicKey))
                    .as("byte %d", i)
                    .isFalse();
            encoded[i] ^= 1;
        }
        assertThat(EpochOpening.fromByteArray(encoded).verify(RELAY_ID, publicKey))
                .isTrue();
    }

    @Test
    void aPacketsProofShowsTheDelayThatItWasGiven() {
        try (DelaySampler sampler = DelaySampler.packetVrf(EXPONENTIAL, key)) {
            final long delay = sampler.delayNs(11, 12, 0, null);
            final byte[] pi = PacketOpening.prove(key, 11, 12).pi();

            assertThat(PacketOpening.of(11, 12, pi).verifiedDelay(publicKey, EXPONENTIAL))
                    .hasValue(delay);
            assertThat(PacketOpening.of(11, 13, pi).verifiedDelay(publicKey, EXPONENTIAL))
                    .isEmpty();
            assertThat(PacketOpening.of(10, 12, pi).verifiedDelay(publicKey, EXPONENTIAL))
                    .isEmpty();
            assertThat(PacketOpening.of(11, 12, new byte[0]).verifiedDelay(publicKey, EXPONENTIAL))
                    .isEmpty();
            pi[50] ^= 1;
            assertThat(PacketOpening.of(11, 12, pi).verifiedDelay(publicKey, EXPONENTIAL))
                    .isEmpty();
        }
    }

    @Test
    void theRightToOpenAnEpochKeyHasOneHolder() {
        try (EpochKey epoch = EpochKey.prepare(key, RELAY_ID, 5)) {
            final EpochOpener opener = epoch.takeOpener();
            assertThatThrownBy(epoch::takeOpener).isInstanceOf(IllegalStateException.class);
            assertThat(opener.open().verify(RELAY_ID, publicKey)).isTrue();
            assertThatThrownBy(opener::open).isInstanceOf(IllegalStateException.class);
        }
    }

    /** No method that an owner of the key may call gives what {@link EpochOpener} gives. */
    @Test
    void noPublicMethodOfAnEpochKeyDisclosesIt() {
        assertThat(Arrays.stream(EpochKey.class.getDeclaredMethods())
                        .filter(method -> Modifier.isPublic(method.getModifiers()))
                        .map(Method::getName))
                .containsExactlyInAnyOrder("prepare", "epoch", "takeOpener", "close", "toString");
        assertThat(EpochOpener.class.getConstructors()).isEmpty();
    }

    @Test
    void anOpenedOrClosedEpochKeyIsGone() {
        final EpochKey opened = EpochKey.prepare(key, RELAY_ID, 5);
        opened.open();
        assertThatThrownBy(opened::vrfOutput).isInstanceOf(IllegalStateException.class);

        final EpochKey closed = EpochKey.prepare(key, RELAY_ID, 5);
        closed.close();
        assertThatThrownBy(closed::open).isInstanceOf(IllegalStateException.class);
    }

    private static EcvrfSecretKey key(int fill) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment seed = arena.allocate(EcvrfSuite.SEED_LENGTH);
            seed.fill((byte) fill);
            return EcvrfSecretKey.fromSeed(seed);
        }
    }
}
