package io.millrace.sphinx;

import java.util.Objects;

/**
 * All lengths and offsets of a packet, computed from the profile and three numbers.
 *
 * <pre>
 *  offset              length          field
 *       0                  32          alpha   group element, X25519 u-coordinate
 *      32                  16          gamma   MAC over beta
 *      48          betaLength          beta    encrypted routing information
 *  deltaOffset  payloadLength          delta   payload, one wide block
 * </pre>
 *
 * <p>A hop's block in beta is its routing command, in mr2 the next alpha, and the next gamma. Beta holds {@code hops} blocks,
 * and is then rounded up so that beta and one block of zeros are as long as the header stream that a hop runs over
 * them: a whole number of ChaCha20 blocks, and in mr2 32 bytes of the key derivation. This gives 976 + 48 = 1,024 bytes in mr1
 * and 976 + 80 = 1,024 + 32 bytes in mr2.
 *
 * @param profile wire profile.
 * @param hops longest path, 1 to 64.
 * @param commandLength length of a routing command in bytes, 32 to 64, a multiple of 16.
 * @param payloadLength length of delta in bytes, 128 to 32,768, a multiple of 64.
 *     <p>Source: "Sphinx" section 3.2, with the routing information generalised to blocks of a fixed length.
 */
public record SphinxGeometry(SphinxProfile profile, int hops, int commandLength, int payloadLength) {
    /** Length of a group element in bytes. */
    public static final int ALPHA_LENGTH = 32;

    /** Length of the header MAC in bytes: the security parameter k. */
    public static final int GAMMA_LENGTH = 16;

    /** Offset of alpha in a packet. */
    public static final int ALPHA_OFFSET = 0;

    /** Offset of gamma in a packet. */
    public static final int GAMMA_OFFSET = ALPHA_OFFSET + ALPHA_LENGTH;

    /** Offset of beta in a packet. */
    public static final int BETA_OFFSET = GAMMA_OFFSET + GAMMA_LENGTH;

    /** Zero bytes at the start of the innermost delta; checked by the exit. */
    public static final int ZERO_PREFIX_LENGTH = 16;

    /** Offset in the innermost delta of the payload's length, an unsigned 16-bit number. */
    public static final int PAYLOAD_LENGTH_OFFSET = ZERO_PREFIX_LENGTH;

    /** Offset in the innermost delta of the payload itself. */
    public static final int PAYLOAD_OFFSET = PAYLOAD_LENGTH_OFFSET + Short.BYTES;

    /** Bytes after the packet that peeling may write to. */
    public static final int SPILL_LENGTH = 32;

    /** The profile {@code mr1}: header 1,024 bytes, payload 1,024 bytes, up to 20 hops. */
    public static final SphinxGeometry MR1 = new SphinxGeometry(SphinxProfile.MR1, 20, RoutingCommand.LENGTH, 1024);

    /** The profile {@code mr2}: header 1,024 bytes, payload 1,024 bytes, up to 12 hops. */
    public static final SphinxGeometry MR2 = new SphinxGeometry(SphinxProfile.MR2, 12, RoutingCommand.LENGTH, 1024);

    private static final int CHACHA_BLOCK_LENGTH = 64;

    static {
        for (SphinxGeometry wire : new SphinxGeometry[] {MR1, MR2}) {
            if (wire.betaLength() != 976 || wire.deltaOffset() != 1024 || wire.packetLength() != 2048) {
                throw new ExceptionInInitializerError("geometry drifted from the wire: " + wire);
            }
        }
    }

    public SphinxGeometry {
        Objects.requireNonNull(profile, "profile");
        if (hops < 1 || hops > 64) {
            throw new IllegalArgumentException("hops must be 1 to 64: hops=" + hops);
        }
        if (commandLength < RoutingCommand.LENGTH || commandLength > 64 || commandLength % 16 != 0) {
            throw new IllegalArgumentException("commandLength must be 32, 48 or 64: commandLength=" + commandLength);
        }
        if (payloadLength < 128 || payloadLength > 32_768 || payloadLength % CHACHA_BLOCK_LENGTH != 0) {
            throw new IllegalArgumentException(
                    "payloadLength must be a multiple of 64, 128 to 32768: payloadLength=" + payloadLength);
        }
    }

    /**
     * Geometry of a profile on the wire.
     *
     * @param profile whose geometry is wanted.
     * @return {@link #MR1} or {@link #MR2}.
     */
    public static SphinxGeometry of(SphinxProfile profile) {
        return switch (profile) {
            case MR1 -> MR1;
            case MR2 -> MR2;
        };
    }

    /**
     * Whether a relay can serve packets of this geometry and of a profile: always its own, and another one if both are those
     * on the wire, because header and payload then have the same places.
     *
     * @param other any profile.
     */
    public boolean coexistsWith(SphinxProfile other) {
        return other == profile || equals(of(profile));
    }

    /**
     * The geometry of another profile with the same places of header and payload.
     *
     * @param other a profile that this geometry {@linkplain #coexistsWith coexists} with.
     * @throws IllegalArgumentException if it does not.
     */
    public SphinxGeometry in(SphinxProfile other) {
        if (!coexistsWith(other)) {
            throw new IllegalArgumentException(
                    "the geometry has no counterpart in another profile: profile=" + other + ", geometry=" + this);
        }
        return other == profile ? this : of(other);
    }

    /** Length of one hop's block in beta, in bytes: routing command, next alpha if the profile has it there, next gamma. */
    public int blockLength() {
        return commandLength + profile.blockAlphaLength() + GAMMA_LENGTH;
    }

    /** Length of the header stream in bytes: beta and one block. */
    public int headerStreamLength() {
        return cipherStreamLength() + profile.streamTailLength();
    }

    /** Length of the part of the header stream that is ChaCha20, a multiple of 64; beta is shorter. */
    int cipherStreamLength() {
        final int needed = (hops + 1) * blockLength() - profile.streamTailLength();
        return (needed + CHACHA_BLOCK_LENGTH - 1) / CHACHA_BLOCK_LENGTH * CHACHA_BLOCK_LENGTH;
    }

    /** Length in bytes of the part of the header that a hop finds in its decrypted block and the rest of beta. */
    int nextHeaderLength() {
        return headerLength() - profile.nextHeaderOffset();
    }

    /** Length of beta in bytes. */
    public int betaLength() {
        return headerStreamLength() - blockLength();
    }

    /** Length of alpha, gamma and beta together in bytes. */
    public int headerLength() {
        return BETA_OFFSET + betaLength();
    }

    /** Offset of delta in a packet. */
    public int deltaOffset() {
        return headerLength();
    }

    /** Length of a whole packet in bytes. */
    public int packetLength() {
        return headerLength() + payloadLength;
    }

    /** Longest payload that an application can send, in bytes. */
    public int payloadCapacity() {
        return payloadLength - PAYLOAD_OFFSET;
    }

    /** Length of the filler of a path of {@code pathLength} hops, in bytes. */
    int fillerLength(int pathLength) {
        return (pathLength - 1) * blockLength();
    }
}
