package io.millrace.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.millrace.relay.epoch.EpochSchedule;
import io.millrace.vrf.DelayDistribution;
import io.millrace.vrf.DelayPolicy;
import io.millrace.vrf.EpochDelayProof;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DelayDisclosureTest {
    private static final EpochSchedule SCHEDULE = PaperRelay.SCHEDULE;

    private final PaperRelay relay = new PaperRelay(1);
    private final PaperRelay other = new PaperRelay(2);
    private final RelayDescriptor descriptor = relay.descriptor(1, 100, 4);

    @AfterEach
    void close() {
        relay.close();
        other.close();
    }

    @Test
    void isReadAsItWasSignedAndVerifies() throws DocumentException {
        final DelayDisclosure written = relay.disclosure(100);

        final DelayDisclosure read = DelayDisclosure.decode(written.toByteArray(), relay.identity);

        read.verify(descriptor);
        assertThat(read).isEqualTo(written).hasSameHashCodeAs(written);
        assertThat(read.epoch()).isEqualTo(100);
        assertThat(read.law()).isEqualTo(PaperRelay.LAW);
        assertThat(read.notBeforeMs()).isEqualTo(SCHEDULE.startMs(100));
        assertThat(read.notAfterMs()).isEqualTo(SCHEDULE.startMs(101));
        assertThat(read.delayNs(3, 4)).isEqualTo(relay.proof(100).delayOf(PaperRelay.LAW.distribution(), 3, 4));
    }

    @Test
    void rejectsEverySingleBitFlip() {
        final byte[] document = relay.disclosure(100).toByteArray();

        for (int bit = 0; bit < document.length * 8; bit++) {
            document[bit / 8] ^= (byte) (1 << bit % 8);
            assertThatExceptionOfType(DocumentException.class)
                    .isThrownBy(() -> DelayDisclosure.decode(document, relay.identity));
            document[bit / 8] ^= (byte) (1 << bit % 8);
        }
    }

    @Test
    void refusesTheOutputOfAnotherEpoch() throws DocumentException {
        final EpochDelayProof frozen = relay.proof(99);
        assertRefused(EpochDelayProof.of(100, frozen.vrfOutput(), frozen.pi()), "does not prove");
    }

    @Test
    void refusesAForgedProofAndAForgedOutput() throws DocumentException {
        final EpochDelayProof honest = relay.proof(100);
        final byte[] output = honest.vrfOutput();
        output[0] ^= 1;
        assertRefused(EpochDelayProof.of(100, output, honest.pi()), "does not prove");
        final byte[] pi = honest.pi();
        pi[79] ^= 1;
        assertRefused(EpochDelayProof.of(100, honest.vrfOutput(), pi), "does not prove");
        assertRefused(PaperRelay.proof(other.vrf, relay.identity, 100), "does not prove");
        assertRefused(PaperRelay.proof(relay.vrf, other.identity, 100), "does not prove");
    }

    @Test
    void refusesAnotherLaw() {
        final DelayLaw wrong =
                new DelayLaw(DelayPolicy.EPOCH_VRF, DelayDistribution.exponential(25_000_000, 500_000_000));
        final DelayDisclosure disclosure =
                DelayDisclosure.sign(relay.pair, relay.proof(100), wrong, SCHEDULE.startMs(100), SCHEDULE.endMs(100));
        assertThatExceptionOfType(DocumentException.class)
                .isThrownBy(() -> disclosure.verify(descriptor))
                .withMessageContaining("law differs");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DelayDisclosure.sign(
                        relay.pair,
                        relay.proof(100),
                        new DelayLaw(DelayPolicy.SENDER, wrong.distribution()),
                        SCHEDULE.startMs(100),
                        SCHEDULE.endMs(100)));
    }

    @Test
    void refusesTheDisclosureOfAnotherRelay() {
        assertThatExceptionOfType(DocumentException.class)
                .isThrownBy(() -> other.disclosure(100).verify(descriptor))
                .withMessageContaining("another identity");
    }

    @Test
    void aLogHasNoGapNoOverlapAndOneOrder() throws DocumentException {
        final DisclosureLog log = new DisclosureLog(descriptor, 2);
        log.add(relay.disclosure(100));
        assertNotAdded(log, relay.disclosure(100), "rise by one");
        assertNotAdded(log, relay.disclosure(102), "rise by one");
        assertNotAdded(log, relay.disclosure(99), "rise by one");
        assertNotAdded(log, span(101, SCHEDULE.startMs(101) - 1, SCHEDULE.endMs(101)), "the epoch before it ends");
        assertNotAdded(log, span(101, SCHEDULE.startMs(101) + 1, SCHEDULE.endMs(101)), "follow the schedule");
        assertNotAdded(log, span(101, SCHEDULE.startMs(101), SCHEDULE.endMs(101) + 1), "follow the schedule");
        log.add(span(101, SCHEDULE.startMs(101), SCHEDULE.startMs(101) + 10));
        assertNotAdded(log, relay.disclosure(102), "the epoch before it ends");
        log.add(span(102, SCHEDULE.startMs(101) + 10, SCHEDULE.endMs(102)));

        assertThat(log.size()).isEqualTo(2);
        assertThat(log.of(100)).isEmpty();
        assertThat(log.of(101)).isPresent();
        assertThat(log.last())
                .hasValueSatisfying(last -> assertThat(last.epoch()).isEqualTo(102));
    }

    private DelayDisclosure span(long epoch, long notBeforeMs, long notAfterMs) {
        return DelayDisclosure.sign(relay.pair, relay.proof(epoch), PaperRelay.LAW, notBeforeMs, notAfterMs);
    }

    private static void assertNotAdded(DisclosureLog log, DelayDisclosure disclosure, String why) {
        final int size = log.size();
        assertThatExceptionOfType(DocumentException.class)
                .isThrownBy(() -> log.add(disclosure))
                .withMessageContaining(why);
        assertThat(log.size()).isEqualTo(size);
    }

    private void assertRefused(EpochDelayProof proof, String why) throws DocumentException {
        final DelayDisclosure disclosure = DelayDisclosure.sign(
                relay.pair, proof, PaperRelay.LAW, SCHEDULE.startMs(proof.epoch()), SCHEDULE.endMs(proof.epoch()));
        final DelayDisclosure read = DelayDisclosure.decode(disclosure.toByteArray(), relay.identity);
        assertThatExceptionOfType(DocumentException.class)
                .isThrownBy(() -> read.verify(descriptor))
                .withMessageContaining(why);
    }
}
