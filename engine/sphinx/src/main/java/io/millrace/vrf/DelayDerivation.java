package io.millrace.vrf;

import static io.millrace.memory.Layouts.LE_LONG;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.crypto.Blake2b;
import io.millrace.crypto.Wiping;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/**
 * How 64 uniform bits come out of a delay tag: the inputs of the VRF and the PRF, byte for byte.
 *
 * <pre>
 *  EPOCH_VRF    vrfInput = "millrace-delay-epoch-v1" 23 | relay id 16 | epoch u64 little endian
 *               bits     = first 8 bytes, little endian, of
 *                          BLAKE2b(length 16, key = vrfOutput 64, personal "millrace-delay-1", delay tag 16)
 *  PACKET_VRF   vrfInput = "millrace-delay-packet-v1" 24 | delay tag 16
 *               bits     = first 8 bytes of vrfOutput, little endian
 * </pre>
 *
 * <p>Both use {@link #SUITE}. One per thread; allocates nothing per packet.
 *
 * <p>Source: {@code src/docs/specs/delay.md}, section "Derivation".
 */
final class DelayDerivation {
    /** ELL2, because packet ids are not public while packets wait, and TAI's time depends on them. */
    static final EcvrfSuite SUITE = EcvrfSuite.ELL2;

    static final int RELAY_ID_LENGTH = 16;
    static final int TAG_LENGTH = 16;

    private static final byte[] EPOCH_DOMAIN = ascii("millrace-delay-epoch-v1");
    private static final byte[] PACKET_DOMAIN = ascii("millrace-delay-packet-v1");
    static final int PACKET_INPUT_LENGTH = PACKET_DOMAIN.length + TAG_LENGTH;
    private static final byte[] PERSONAL = ascii("millrace-delay-1");

    /** Length of the PRF's output, of which the first 8 bytes are used. */
    static final int PRF_LENGTH = 16;

    private final MemorySegment tag;
    private final MemorySegment personal;
    private final MemorySegment hash;

    DelayDerivation(Arena arena) {
        tag = arena.allocate(TAG_LENGTH, 64);
        personal = allocatePersonal(arena);
        hash = arena.allocate(PRF_LENGTH, 64);
    }

    /** The bits of a packet under the epoch whose VRF output is {@code vrfOutput}, 64 bytes and native. */
    long epochBits(MemorySegment vrfOutput, long tagLow, long tagHigh) {
        tag.set(LE_LONG, 0, tagLow);
        tag.set(LE_LONG, 8, tagHigh);
        Blake2b.hash(hash, tag, vrfOutput, MemorySegment.NULL, personal);
        return hash.get(LE_LONG, 0);
    }

    /** The PRF's personalisation. */
    static MemorySegment allocatePersonal(Arena arena) {
        final MemorySegment personal = arena.allocate(Blake2b.PERSONAL_LENGTH, 64);
        personal.copyFrom(MemorySegment.ofArray(PERSONAL));
        return personal;
    }

    /** The bits of a packet whose own VRF output is {@code vrfOutput}. */
    static long packetBits(MemorySegment vrfOutput) {
        return vrfOutput.get(LE_LONG, 0);
    }

    void wipe() {
        Wiping.wipe(tag);
        Wiping.wipe(hash);
    }

    /** The VRF input of an epoch, on the heap: it is public. */
    static MemorySegment epochInput(byte[] relayId, long epoch) {
        if (relayId.length != RELAY_ID_LENGTH) {
            throw new IllegalArgumentException("relayId must be 16 bytes: relayIdLength=" + relayId.length);
        }
        final MemorySegment input = MemorySegment.ofArray(new byte[EPOCH_DOMAIN.length + RELAY_ID_LENGTH + 8]);
        MemorySegment.copy(EPOCH_DOMAIN, 0, input, JAVA_BYTE, 0, EPOCH_DOMAIN.length);
        MemorySegment.copy(relayId, 0, input, JAVA_BYTE, EPOCH_DOMAIN.length, RELAY_ID_LENGTH);
        input.set(LE_LONG, EPOCH_DOMAIN.length + RELAY_ID_LENGTH, epoch);
        return input;
    }

    /** A buffer for {@link #packetInput}. */
    static MemorySegment allocatePacketInput(Arena arena) {
        final MemorySegment input = arena.allocate(PACKET_INPUT_LENGTH, 64);
        packetDomain(input);
        return input;
    }

    /** Prepares a segment of {@link #PACKET_INPUT_LENGTH} bytes for {@link #packetInput}. */
    static void packetDomain(MemorySegment input) {
        MemorySegment.copy(PACKET_DOMAIN, 0, input, JAVA_BYTE, 0, PACKET_DOMAIN.length);
    }

    /** Makes {@code input}, from {@link #allocatePacketInput}, the VRF input of a packet. */
    static void packetInput(MemorySegment input, long tagLow, long tagHigh) {
        input.set(LE_LONG, PACKET_DOMAIN.length, tagLow);
        input.set(LE_LONG, PACKET_DOMAIN.length + 8, tagHigh);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
