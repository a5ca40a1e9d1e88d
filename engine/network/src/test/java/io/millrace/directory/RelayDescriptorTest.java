package io.millrace.directory;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.millrace.cbor.CborWriter;
import io.millrace.crypto.Ed25519;
import io.millrace.sphinx.RelayPublicKey;
import io.millrace.sphinx.SphinxProfile;
import io.millrace.vrf.DelayDistribution;
import io.millrace.vrf.DelayPolicy;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RelayDescriptorTest {
    private final PaperRelay relay = new PaperRelay(1);
    private final PaperRelay other = new PaperRelay(2);

    @AfterEach
    void close() {
        relay.close();
        other.close();
    }

    @Test
    void isReadAsItWasSigned() throws DocumentException {
        final RelayDescriptor written = relay.descriptor(7, 100, 5);

        final RelayDescriptor read = RelayDescriptor.decode(written.toByteArray(), relay.identity);

        assertThat(read).isEqualTo(written).hasSameHashCodeAs(written);
        assertThat(read.sequence()).isEqualTo(7);
        assertThat(read.identity()).isEqualTo(relay.identity);
        assertThat(read.vrfKey()).isEqualTo(written.vrfKey());
        assertThat(read.linkKey()).isEqualTo(written.linkKey());
        assertThat(read.law()).isEqualTo(PaperRelay.LAW);
        assertThat(read.schedule()).isEqualTo(PaperRelay.SCHEDULE);
        assertThat(read.keys()).isEqualTo(written.keys()).hasSize(5);
        assertThat(read.toByteArray()).hasSizeLessThan(RelayDescriptor.MAX_LENGTH / 4);
    }

    @Test
    void namesTheProfileOfAKeyUnlessItIsMr1() throws DocumentException {
        final EpochPublicKey first = relay.key(100, 6_000_000, 6_060_000);
        final EpochPublicKey next = new EpochPublicKey(
                101,
                RelayPublicKey.copyOf(MemorySegment.ofArray(relay.sphinxKey(101).toByteArray()), SphinxProfile.MR2),
                6_060_000,
                6_120_000);
        final RelayDescriptor written =
                relay.fields(1, 100, 1).keys(List.of(first, next)).sign(relay.pair);

        final RelayDescriptor read = RelayDescriptor.decode(written.toByteArray(), relay.identity);

        assertThat(read.keys()).isEqualTo(written.keys());
        assertThat(read.keys())
                .extracting(key -> key.key().profile())
                .containsExactly(SphinxProfile.MR1, SphinxProfile.MR2);
        // One encoding only: a profile that is written is neither mr1 nor unknown.
        final byte[] body = body(writer -> DescriptorBody.write(
                writer, relay.fields(1, 100, 1).keys(List.of(first, next)).checked(), relay.identity));
        final int label = new String(body, StandardCharsets.ISO_8859_1).indexOf("mr2");
        for (char version : new char[] {'1', '3'}) {
            body[label + 2] = (byte) version;
            assertRefused(signed(body));
        }
        body[label + 2] = '2';
        assertThat(RelayDescriptor.decode(signed(body), relay.identity).keys()).isEqualTo(written.keys());
    }

    @Test
    void findsTheKeyOfAnInstantAndOfAnEpoch() {
        final RelayDescriptor descriptor = relay.descriptor(0, 100, 3);
        final long startMs = PaperRelay.SCHEDULE.startMs(101);

        assertThat(descriptor.keyAt(startMs - 1)).contains(descriptor.keys().get(0));
        assertThat(descriptor.keyAt(startMs)).contains(descriptor.keys().get(1));
        assertThat(descriptor.keyAt(descriptor.expiresMs() - 1))
                .contains(descriptor.keys().get(2));
        assertThat(descriptor.keyAt(descriptor.expiresMs())).isEmpty();
        assertThat(descriptor.keyOf(102)).contains(descriptor.keys().get(2));
        assertThat(descriptor.keyOf(103)).isEmpty();
    }

    @Test
    void rejectsEverySingleBitFlip() {
        final byte[] document = relay.descriptor(1, 100, 2).toByteArray();

        for (int bit = 0; bit < document.length * 8; bit++) {
            document[bit / 8] ^= (byte) (1 << bit % 8);
            assertRefused(document);
            document[bit / 8] ^= (byte) (1 << bit % 8);
        }
    }

    @Test
    void rejectsEveryTruncationAndAnyTail() {
        final byte[] document = relay.descriptor(1, 100, 2).toByteArray();

        for (int length = 0; length < document.length; length++) {
            assertRefused(Arrays.copyOf(document, length));
        }
        assertRefused(Arrays.copyOf(document, document.length + 1));
        assertRefused(Arrays.copyOf(document, RelayDescriptor.MAX_LENGTH + 1));
    }

    @Test
    void rejectsAnotherSigner() {
        assertThatExceptionOfType(DocumentException.class)
                .isThrownBy(
                        () -> RelayDescriptor.decode(other.descriptor(1, 100, 2).toByteArray(), relay.identity))
                .withMessageContaining("not signed by the identity key " + relay.identity);
    }

    @Test
    void theSignatureCoversTheLabelAndTheBody() {
        final RelayDescriptorBuilder fields = relay.fields(1, 100, 1);
        final byte[] good = body(writer -> DescriptorBody.write(writer, fields.checked(), relay.identity));
        assertRefused(SignedDocument.sign(
                "millrace-disclosure/v1", relay.pair, writer -> writer.raw(MemorySegment.ofArray(good))));

        final byte[] document = fields.sign(relay.pair).toByteArray();
        final byte[] label = "millrace-descriptor/v1\0".getBytes(StandardCharsets.US_ASCII);
        final byte[] message = Arrays.copyOf(label, label.length + good.length);
        System.arraycopy(good, 0, message, label.length, good.length);
        try (Arena arena = Arena.ofConfined()) {
            assertThat(Ed25519.verify(
                            arena.allocateFrom(
                                    JAVA_BYTE, Arrays.copyOfRange(document, document.length - 64, document.length)),
                            arena.allocateFrom(JAVA_BYTE, message),
                            arena.allocateFrom(JAVA_BYTE, relay.identity.bytes())))
                    .isTrue();
        }
    }

    @Test
    void rejectsADisclosureInItsPlace() {
        assertRefused(relay.disclosure(100).toByteArray());
    }

    /** The signature holds in every case: only the form of the body differs. */
    @Test
    void rejectsEveryOtherFormOfASignedBody() throws DocumentException {
        final RelayDescriptorBuilder fields = relay.fields(1, 100, 2);
        final byte[] good = body(writer -> DescriptorBody.write(writer, fields.checked(), relay.identity));
        RelayDescriptor.decode(signed(good), relay.identity);

        final long seed = System.nanoTime();
        System.out.println("seed=" + seed);
        final SplittableRandom random = new SplittableRandom(seed);
        int accepted = 0;
        for (int round = 0; round < 5_000; round++) {
            final byte[] changed = Arrays.copyOf(good, good.length - (random.nextInt(4) == 0 ? 1 : 0));
            for (int i = random.nextInt(3); i >= 0; i--) {
                changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
            }
            try {
                final RelayDescriptor read = RelayDescriptor.decode(signed(changed), relay.identity);
                final byte[] again = body(writer -> DescriptorBody.write(
                        writer,
                        RelayDescriptor.builder()
                                .sequence(read.sequence())
                                .linkKey(read.linkKey())
                                .vrfKey(read.vrfKey())
                                .law(read.law())
                                .schedule(read.schedule())
                                .keys(read.keys())
                                .checked(),
                        relay.identity));
                assertThat(again).as("seed=" + seed + ", round=" + round).isEqualTo(changed);
                accepted++;
            } catch (DocumentException e) {
                assertThat(e).hasMessageStartingWith("descriptor: ");
            }
        }
        assertThat(accepted).isPositive(); // a changed link key is another descriptor
    }

    @Test
    void rejectsAVersionFieldOrIdentityThatIsNotItsOwn() {
        final RelayDescriptorBuilder fields = relay.fields(1, 100, 1);
        final byte[] good = body(writer -> DescriptorBody.write(writer, fields.checked(), relay.identity));
        good[2] = 2;
        assertRefused(signed(good));
        assertRefused(signed(body(writer -> DescriptorBody.write(writer, fields.checked(), other.identity))));
        assertRefused(signed(body(writer -> writer.map(0))));
        assertRefused(signed(new byte[0]));
    }

    @Test
    void keepsTheRulesBetweenKeys() {
        final EpochPublicKey first = relay.key(100, 6_000_000, 6_060_000);
        assertWrong(List.of(), "1 to 8 Sphinx keys");
        assertWrong(List.of(first, relay.key(102, 6_060_000, 6_120_000)), "rise by one");
        assertWrong(List.of(first, relay.key(101, 6_060_001, 6_120_000)), "where the one before it ends");
        assertWrong(
                List.of(first, new EpochPublicKey(101, first.key(), 6_060_000, 6_120_000)),
                "one Sphinx key serves one epoch");
        assertWrong(List.of(relay.key(100, 6_000_001, 6_060_000)), "does not follow the schedule");
        assertWrong(List.of(relay.key(100, 6_000_000, 6_060_001)), "does not follow the schedule");
        assertWrong(List.of(relay.key(100, 5_819_999, 6_060_000)), "does not follow the schedule");
        assertThatIllegalArgumentException().isThrownBy(() -> relay.key(1, 5, 5));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> relay.fields(1, 100, 9).sign(relay.pair))
                .withMessageContaining("count=9");
    }

    @Test
    void keepsTheRuleBetweenScheduleAndLaw() {
        final RelayDescriptorBuilder fields = relay.fields(1, 100, 1);
        fields.law(new DelayLaw(DelayPolicy.EPOCH_VRF, DelayDistribution.exponential(1_000_000_000, 25_000_000_001L)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> fields.sign(relay.pair))
                .withMessageContaining("shortest=60002");
    }

    @Test
    void aLawHasOneText() {
        assertThat(DelayLaw.parse("epoch-vrf exponential(50ms,500ms)")).isEqualTo(PaperRelay.LAW);
        for (String wrong : List.of(
                "",
                "epoch-vrf",
                "epoch-vrf  exponential(50ms,500ms)",
                "epoch-vrf exponential(50ms,500000us)",
                "epoch-vrf exponential(50ms, 500ms)",
                "fast exponential(50ms,500ms)",
                "epoch-vrf uniform(5ms,1ms)")) {
            assertThatIllegalArgumentException().as(wrong).isThrownBy(() -> DelayLaw.parse(wrong));
        }
    }

    private void assertWrong(List<EpochPublicKey> keys, String why) {
        final RelayDescriptorBuilder fields = relay.fields(1, 100, 1).keys(keys);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> fields.sign(relay.pair))
                .withMessageContaining(why);
    }

    private void assertRefused(byte[] document) {
        assertThatExceptionOfType(DocumentException.class)
                .isThrownBy(() -> RelayDescriptor.decode(document, relay.identity));
    }

    private byte[] signed(byte[] body) {
        return SignedDocument.sign(
                RelayDescriptor.LABEL, relay.pair, writer -> writer.raw(MemorySegment.ofArray(body)));
    }

    private static byte[] body(Consumer<CborWriter> fields) {
        final CborWriter writer = new CborWriter().wrap(MemorySegment.ofArray(new byte[RelayDescriptor.MAX_LENGTH]), 0);
        fields.accept(writer);
        return writer.written().toArray(JAVA_BYTE);
    }
}
