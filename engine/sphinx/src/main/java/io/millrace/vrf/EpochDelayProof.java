package io.millrace.vrf;

import static io.millrace.memory.Layouts.LE_LONG;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Disclosure that a relay publishes when an epoch is over: anyone who knows a packet's delay tag can check its delay.
 *
 * <pre>
 *  offset  length  field
 *       0       8  epoch      unsigned, little endian
 *       8      64  vrfOutput
 *      72      80  pi
 *     152          end
 * </pre>
 *
 * <p>Immutable and thread safe.
 *
 * <p>Source: {@code src/docs/specs/delay.md}, section "Checking an epoch".
 */
public final class EpochDelayProof {
    /** Encoded length in bytes. */
    public static final int LENGTH = 8 + EcvrfSuite.OUTPUT_LENGTH + EcvrfSuite.PI_LENGTH;

    private final long epoch;
    private final byte[] vrfOutput;
    private final byte[] pi;

    EpochDelayProof(long epoch, byte[] vrfOutput, byte[] pi) {
        this.epoch = epoch;
        this.vrfOutput = vrfOutput.clone();
        this.pi = pi.clone();
    }

    /**
     * Reads what {@link #toByteArray} wrote. Any {@link #LENGTH} bytes are a proof; only {@link #verify} tells whether
     * it is a true one.
     *
     * @param encoded {@link #LENGTH} bytes, copied.
     */
    public static EpochDelayProof fromByteArray(byte[] encoded) {
        if (encoded.length != LENGTH) {
            throw new IllegalArgumentException(
                    "the proof of an epoch is " + LENGTH + " bytes: length=" + encoded.length);
        }
        return new EpochDelayProof(
                MemorySegment.ofArray(encoded).get(LE_LONG, 0),
                Arrays.copyOfRange(encoded, 8, 8 + EcvrfSuite.OUTPUT_LENGTH),
                Arrays.copyOfRange(encoded, 8 + EcvrfSuite.OUTPUT_LENGTH, LENGTH));
    }

    /**
     * Makes a proof of its parts; only {@link #verify} tells whether it is a true one.
     *
     * @param epoch unsigned.
     * @param vrfOutput {@link EcvrfSuite#OUTPUT_LENGTH} bytes; copied.
     * @param pi {@link EcvrfSuite#PI_LENGTH} bytes; copied.
     */
    public static EpochDelayProof of(long epoch, byte[] vrfOutput, byte[] pi) {
        if (vrfOutput.length != EcvrfSuite.OUTPUT_LENGTH || pi.length != EcvrfSuite.PI_LENGTH) {
            throw new IllegalArgumentException("an epoch has a VRF output of 64 bytes and a proof of 80: outputLength="
                    + vrfOutput.length + ", piLength=" + pi.length);
        }
        return new EpochDelayProof(epoch, vrfOutput, pi);
    }

    /** Writes the {@link #LENGTH} bytes of the layout above. */
    public byte[] toByteArray() {
        final byte[] encoded = new byte[LENGTH];
        MemorySegment.ofArray(encoded).set(LE_LONG, 0, epoch);
        System.arraycopy(vrfOutput, 0, encoded, 8, vrfOutput.length);
        System.arraycopy(pi, 0, encoded, 8 + vrfOutput.length, pi.length);
        return encoded;
    }

    /** The epoch, unsigned. */
    public long epoch() {
        return epoch;
    }

    /** The VRF output, 64 bytes; a copy. */
    public byte[] vrfOutput() {
        return vrfOutput.clone();
    }

    /** The proof, 80 bytes; a copy. */
    public byte[] pi() {
        return pi.clone();
    }

    /**
     * Whether this opens the epoch of that relay: the proof is valid and proves this output.
     *
     * @param relayId 16 bytes, from where the checker trusts it, not from who sent the proof.
     * @param publicKey the relay's VRF public key, from the same place; any bytes.
     */
    public boolean verify(byte[] relayId, byte[] publicKey) {
        try (EcvrfVerifier verifier = new EcvrfVerifier(DelayDerivation.SUITE)) {
            final byte[] proved = new byte[EcvrfSuite.OUTPUT_LENGTH];
            return verifier.verify(
                            MemorySegment.ofArray(proved),
                            MemorySegment.ofArray(publicKey),
                            DelayDerivation.epochInput(relayId, epoch),
                            MemorySegment.ofArray(pi))
                    && Arrays.equals(proved, vrfOutput);
        }
    }

    /**
     * The delay in nanoseconds that a packet was given in this epoch; means something after {@link #verify} only.
     *
     * @param distribution the one that the relay announced.
     * @param tagLow first 8 bytes of the delay tag, little endian.
     * @param tagHigh last 8 bytes of the delay tag, little endian.
     */
    public long delayOf(DelayDistribution distribution, long tagLow, long tagHigh) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment key = arena.allocate(EcvrfSuite.OUTPUT_LENGTH, 64);
            MemorySegment.copy(vrfOutput, 0, key, JAVA_BYTE, 0, vrfOutput.length);
            return distribution.delayNs(new DelayDerivation(arena).epochBits(key, tagLow, tagHigh));
        }
    }
}
