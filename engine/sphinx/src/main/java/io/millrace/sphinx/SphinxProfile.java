package io.millrace.sphinx;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Wire profile: how a hop gets the alpha of the next one, and the labels of every derivation.
 *
 * <table>
 *   <caption>The whole difference</caption>
 *   <tr><th></th><th>mr1</th><th>mr2</th></tr>
 *   <tr><td>next alpha</td><td>this hop's alpha times a blinding factor</td><td>in the block of beta, a fresh element</td></tr>
 *   <tr><td>multiplications of a hop</td><td>2, one after the other</td><td>1</td></tr>
 *   <tr><td>block of beta</td><td>command, gamma</td><td>command, alpha, gamma</td></tr>
 *   <tr><td>second half of key block 1</td><td>blinding factor</td><td>last 32 bytes of the header stream</td></tr>
 *   <tr><td>delay tag</td><td>key block 0, from 48</td><td>key block 3, from 32</td></tr>
 *   <tr><td>longest path</td><td>20</td><td>12</td></tr>
 * </table>
 *
 * <p>A key pair speaks one profile. No byte of a packet names it: the relay knows it from the key, and its descriptor tells
 * the senders. A packet of the other profile fails the header MAC, even under the same key pair.
 *
 * <p>Source: {@code src/docs/specs/sphinx-mr1.md} and {@code sphinx-mr2.md}.
 */
public enum SphinxProfile {
    /** Sphinx with blinded alphas. */
    MR1("mr1", 0, 0, HopKeys.FIRST_DELAY_TAG_OFFSET),
    /** KEM-Sphinx: one ephemeral key per hop. */
    MR2("mr2", SphinxGeometry.ALPHA_LENGTH, 32, HopKeys.DELAY_SEED_OFFSET);

    private final String label;
    private final int blockAlphaLength;
    private final int streamTailLength;
    private final int delayTagOffset;

    SphinxProfile(String label, int blockAlphaLength, int streamTailLength, int delayTagOffset) {
        this.label = label;
        this.blockAlphaLength = blockAlphaLength;
        this.streamTailLength = streamTailLength;
        this.delayTagOffset = delayTagOffset;
    }

    /** Name in files, options and descriptors: {@code mr1} or {@code mr2}. */
    public String label() {
        return label;
    }

    /**
     * Reads a {@link #label}.
     *
     * @param label {@code mr1} or {@code mr2}.
     * @throws IllegalArgumentException for any other text; the message names the labels.
     */
    public static SphinxProfile byLabel(String label) {
        for (SphinxProfile profile : values()) {
            if (profile.label.equals(label)) {
                return profile;
            }
        }
        final String labels = Arrays.stream(values()).map(SphinxProfile::label).collect(Collectors.joining(" or "));
        throw new IllegalArgumentException("profile must be " + labels + ": profile=" + label);
    }

    /** Whether a hop computes the next alpha from its own; otherwise it finds it in its block of beta. */
    boolean blinds() {
        return blockAlphaLength == 0;
    }

    /** Length in bytes of the next alpha in a block of beta: 0 or 32. */
    int blockAlphaLength() {
        return blockAlphaLength;
    }

    /** Length in bytes of the end of the header stream that comes from the key derivation: 0 or 32. */
    int streamTailLength() {
        return streamTailLength;
    }

    /** Offset in the keys of a hop of its 16-byte delay tag. */
    int delayTagOffset() {
        return delayTagOffset;
    }

    /** Offset in a packet from which a hop replaces the header by bytes of its decrypted block: gamma, or alpha. */
    int nextHeaderOffset() {
        return blinds() ? SphinxGeometry.GAMMA_OFFSET : SphinxGeometry.ALPHA_OFFSET;
    }

    @Override
    public String toString() {
        return label;
    }
}
