package io.millrace.link;

import static io.millrace.memory.Layouts.LE_LONG;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.crypto.MlKem768;
import io.millrace.crypto.SecretKey;
import io.millrace.htx.handshake.HybridMode;
import io.millrace.noise.HandshakeState;
import io.millrace.noise.NoiseStatus;
import io.millrace.noise.Role;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Links with X25519 and ML-KEM-768 together: suites that ends agree on, and changes by an attacker. */
class LinkHybridTest extends LinkEnds {
    private final long keysBefore = SecretKey.liveCount();

    @AfterEach
    void closeAll() {
        close();
        assertThat(SecretKey.liveCount()).as("guarded keys that stay").isEqualTo(keysBefore);
    }

    @Test
    void endsThatKnowItAgreeOnHybridSessions() {
        for (HybridMode[] each : new HybridMode[][] {
            {HybridMode.OFFERED, HybridMode.OFFERED},
            {HybridMode.OFFERED, HybridMode.REQUIRED},
            {HybridMode.REQUIRED, HybridMode.OFFERED},
            {HybridMode.REQUIRED, HybridMode.REQUIRED}
        }) {
            connect(each);
            assertThat(counters[0].isHybrid()).as(Arrays.toString(each)).isTrue();
            assertThat(counters[1].isHybrid()).as(Arrays.toString(each)).isTrue();
            assertThat(lengths(LinkMessage.BEGIN)).containsOnly(1_270);
            assertThat(lengths(LinkMessage.ANSWER)).containsOnly(1_166);
            assertThat(lengths(LinkMessage.FINISH)).containsOnly(92);
        }
    }

    @Test
    void anEndThatOffersItTakesAPeerThatDoesNotKnowIt() {
        for (HybridMode[] each : new HybridMode[][] {
            {HybridMode.OFFERED, HybridMode.OFF},
            {HybridMode.OFF, HybridMode.OFFERED},
            {HybridMode.OFF, HybridMode.OFF}
        }) {
            connect(each);
            assertThat(counters[0].isHybrid()).as(Arrays.toString(each)).isFalse();
            assertThat(counters[1].isHybrid()).as(Arrays.toString(each)).isFalse();
        }
    }

    @Test
    void anEndThatRequiresItHasNoLinkToAPeerWithout() {
        modes[0] = HybridMode.REQUIRED;
        modes[1] = HybridMode.OFF;
        start();
        run(60 * SECOND_NS);

        assertThat(links[0].isUp() || links[1].isUp()).isFalse();
        for (LinkCounters each : counters) {
            assertThat(each.failures().get(LinkFailure.WRONG_SUITE)).isPositive();
            assertThat(each.finished()).isZero();
        }
    }

    @Test
    void theOfferCannotBeStrippedEvenByAnAttackerWithTheKeyOfTheAuthenticator() {
        start();
        wire.cut = true;
        step(STEP_NS);
        final byte[] begin = first(LinkMessage.BEGIN, 1);
        final long before = counters[1].failures().getOrDefault(LinkFailure.REFUSED, 0L);

        final byte[] stripped = Arrays.copyOf(begin, LinkMessage.length(LinkMessage.BEGIN, LinkMessage.CLASSICAL));
        stripped[2] = LinkMessage.CLASSICAL;
        assertThat(SimulatedWire.give(ends[1], stripped, wire.nowNs)).isFalse();
        assertThat(ends[1].onMessage(0, signed(stripped), wire.nowNs)).isTrue();

        assertThat(counters[1].failures().get(LinkFailure.REFUSED)).isEqualTo(before + 1);
        assertThat(wire.recorded).as("no answer").noneMatch(message -> message.bytes()[0] == LinkMessage.ANSWER);
        wire.cut = false;
        runUntilUp();
        assertThat(counters[1].isHybrid()).isTrue();
    }

    /** Beyond the name of the Noise protocol, which differs between the two suites of today. */
    @Test
    void theNumberOfTheSuiteIsPartOfThePrologue() {
        start();
        final int other = LinkMessage.HYBRID + 1;
        try (LinkEnd near = end(0);
                LinkEnd far = end(1);
                HandshakeState initiator = near.start(Role.INITIATOR, LinkMessage.CLASSICAL);
                HandshakeState same = far.start(Role.RESPONDER, LinkMessage.CLASSICAL);
                HandshakeState stripped = far.start(Role.RESPONDER, other)) {
            final MemorySegment message = arena.allocate(64);
            final int length = initiator.writeMessage(MemorySegment.NULL, 0, message);

            assertThat(stripped.readMessage(message, length, MemorySegment.NULL))
                    .isEqualTo(NoiseStatus.BAD_TAG);
            assertThat(same.readMessage(message, length, MemorySegment.NULL)).isZero();
        }
    }

    private LinkEnd end(int index) {
        final LinkIdentity peer = identities[1 - index];
        return new LinkEnd(
                identities[index],
                new LinkPeer(peer.keys().publicKey().toArray(JAVA_BYTE), peer.id()),
                counters[index],
                timing,
                this::fill);
    }

    @Test
    void messagesOfTheOtherSuiteAreRefusedAndTheHandshakeGoesOn() {
        start();
        step(STEP_NS);
        step(STEP_NS);
        final byte[] answer = first(LinkMessage.ANSWER, 0);
        final byte[] other = Arrays.copyOf(answer, LinkMessage.length(LinkMessage.ANSWER, LinkMessage.CLASSICAL));
        other[2] = LinkMessage.CLASSICAL;

        assertThat(SimulatedWire.give(ends[0], other, wire.nowNs)).isFalse();
        runUntilUp();

        assertThat(counters[0].isHybrid()).isTrue();
    }

    @Test
    void aReplayedFirstMessageIsRefused() {
        connect(new HybridMode[] {HybridMode.OFFERED, HybridMode.OFFERED});
        final byte[] begin = first(LinkMessage.BEGIN, 1);
        final int sent = wire.recorded.size();

        assertThat(SimulatedWire.give(ends[1], begin, wire.nowNs)).isTrue();

        assertThat(counters[1].failures()).containsKey(LinkFailure.REPLAYED);
        assertThat(wire.recorded).hasSize(sent);
    }

    @Test
    void whatIsNoEncapsulationKeyIsACountedDrop() {
        start();
        final LinkEnd mad = new LinkEnd(
                identities[0],
                new LinkPeer(identities[1].keys().publicKey().toArray(JAVA_BYTE), identities[1].id()),
                counters[0],
                timing,
                this::fill);
        open.add(mad);
        final byte[] begin = begin(mad);

        assertThat(SimulatedWire.give(ends[1], begin, wire.nowNs)).isTrue();

        assertThat(counters[1].failures().get(LinkFailure.REFUSED)).isOne();
        assertThat(wire.recorded).isEmpty();
        runUntilUp();
        assertThat(counters[1].isHybrid()).isTrue();
    }

    private void connect(HybridMode[] both) {
        for (int end = 0; end < 2; end++) {
            modes[end] = both[end];
            identities[end] = null;
        }
        wire = new SimulatedWire(random.split(), 0, 0, STEP_NS);
        start();
        runUntilUp();
    }

    private List<Integer> lengths(int type) {
        return wire.recorded.stream()
                .map(SimulatedWire.Message::bytes)
                .filter(bytes -> bytes[0] == type)
                .map(bytes -> bytes.length)
                .toList();
    }

    private byte[] first(int type, int to) {
        return wire.recorded.stream()
                .filter(message -> message.to() == to && message.bytes()[0] == type)
                .findFirst()
                .orElseThrow()
                .bytes();
    }

    /** The message with a true authenticator of end 0. */
    private MemorySegment signed(byte[] bytes) {
        final LinkIdentity peer = identities[1];
        try (LinkMessage messages =
                new LinkMessage(identities[0], peer.keys().publicKey().toArray(JAVA_BYTE), peer.id())) {
            final MemorySegment message = arena.allocate(LinkMessage.MAX_LENGTH, 8);
            MemorySegment.copy(bytes, 0, message, JAVA_BYTE, 0, bytes.length);
            final int body = bytes.length - LinkMessage.BODY_OFFSET - LinkMessage.MAC_LENGTH;
            return messages.sign(message, body, MemorySegment.NULL);
        }
    }

    /** A first message of end 0 with 1,184 bytes that are no key, otherwise true. */
    private byte[] begin(LinkEnd mad) {
        final MemorySegment message = arena.allocate(LinkMessage.MAX_LENGTH, 8);
        final MemorySegment payload = arena.allocate(LinkMessage.INDEX_LENGTH + (long) MlKem768.KEY_LENGTH);
        payload.fill((byte) 0xff);
        LinkMessage.header(message, LinkMessage.BEGIN, LinkMessage.HYBRID, 77);
        message.set(LE_LONG, LinkMessage.BODY_OFFSET, 1);
        try (var handshake = mad.start(Role.INITIATOR, LinkMessage.HYBRID)) {
            final int at = LinkMessage.BODY_OFFSET + LinkMessage.CLOCK_LENGTH;
            final int length = handshake.writeMessage(payload, (int) payload.byteSize(), message.asSlice(at));
            return mad.messages
                    .sign(message, LinkMessage.CLOCK_LENGTH + length, MemorySegment.NULL)
                    .toArray(JAVA_BYTE);
        }
    }
}
