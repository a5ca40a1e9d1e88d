package io.millrace.vrf;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.memory.TrackedArena;
import java.lang.foreign.MemorySegment;
import java.util.OptionalLong;

/**
 * The proof of one packet's delay under {@link DelayPolicy#PACKET_VRF}, made on request.
 *
 * <p>Immutable and thread safe.
 *
 * <p>Source: {@code src/docs/specs/delay.md}, section "Checking a packet".
 */
public final class PacketDelayProof {
    private final long tagLow;
    private final long tagHigh;
    private final byte[] pi;

    private PacketDelayProof(long tagLow, long tagHigh, byte[] pi) {
        this.tagLow = tagLow;
        this.tagHigh = tagHigh;
        this.pi = pi.clone();
    }

    /**
     * Proves the delay of a packet: about a millisecond. Not while the packet waits, for the reason of {@link DelayEpoch}.
     *
     * @param key of the relay; stays the caller's.
     * @param tagLow first 8 bytes of the packet's delay tag, little endian.
     * @param tagHigh last 8 bytes of the packet's delay tag, little endian.
     */
    public static PacketDelayProof prove(EcvrfSecretKey key, long tagLow, long tagHigh) {
        final byte[] pi = new byte[EcvrfSuite.PI_LENGTH];
        try (TrackedArena arena = TrackedArena.shared();
                EcvrfProver prover = new EcvrfProver(DelayDerivation.SUITE, key)) {
            prover.prove(MemorySegment.ofArray(pi), input(arena, tagLow, tagHigh));
        }
        return new PacketDelayProof(tagLow, tagHigh, pi);
    }

    /**
     * A proof that came from elsewhere.
     *
     * @param tagLow first 8 bytes of the packet's delay tag, little endian.
     * @param tagHigh last 8 bytes of the packet's delay tag, little endian.
     * @param pi 80 bytes; anything else fails to verify.
     */
    public static PacketDelayProof of(long tagLow, long tagHigh, byte[] pi) {
        return new PacketDelayProof(tagLow, tagHigh, pi);
    }

    /** The proof; a copy. */
    public byte[] pi() {
        return pi.clone();
    }

    /**
     * The delay in nanoseconds that the packet was given, or empty if the proof is not valid.
     *
     * @param publicKey the relay's VRF public key, from where the checker trusts it; any bytes.
     * @param distribution the one that the relay announced.
     */
    public OptionalLong verifiedDelay(byte[] publicKey, DelayDistribution distribution) {
        try (TrackedArena arena = TrackedArena.shared();
                EcvrfVerifier verifier = new EcvrfVerifier(DelayDerivation.SUITE)) {
            final MemorySegment vrfOutput = arena.allocate(EcvrfSuite.OUTPUT_LENGTH);
            final MemorySegment proof = arena.allocate(pi.length);
            MemorySegment.copy(pi, 0, proof, JAVA_BYTE, 0, pi.length);
            return verifier.verify(vrfOutput, MemorySegment.ofArray(publicKey), input(arena, tagLow, tagHigh), proof)
                    ? OptionalLong.of(distribution.delayNs(DelayDerivation.packetBits(vrfOutput)))
                    : OptionalLong.empty();
        }
    }

    private static MemorySegment input(TrackedArena arena, long tagLow, long tagHigh) {
        final MemorySegment input = DelayDerivation.allocatePacketInput(arena);
        DelayDerivation.packetInput(input, tagLow, tagHigh);
        return input;
    }
}
