package io.millrace.sphinx;

import io.millrace.crypto.Randomness;
import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.memory.AddressArray;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Writes headers (alpha, gamma, beta) for a batch of paths and holds the keys of their hops until {@link #wipe}.
 *
 * <p>Keys come in waves over the lanes of the provider, two scalar multiplications per hop. In mr1 the alpha of a hop
 * follows from that of the hop before, so a wave is one hop of all paths. In mr2 all hops of all paths are independent and
 * fill waves of up to {@link BatchCrypto#MAX_BATCH}. The paths may be of different lengths.
 *
 * <p>Not thread safe.
 *
 * <p>Source: "Sphinx" sections 3.2 and 3.3; the padding of the last hop is random: Kuhn, Beck and Strufe, "Breaking and
 * (Partially) Fixing Provably Secure Onion Routing", 2020, section 4.2.
 */
final class HeaderWriter {
    private final SphinxGeometry geometry;
    private final Randomness randomness;
    private final HopKeys hopKeys;
    private final HopSecrets secrets;
    private final HeaderStream headerStream;
    private final int fillerStride;
    private final MemorySegment fillers;
    private final AddressArray first;
    private final AddressArray second;
    private final AddressArray third;
    private final int[] live;
    private final long[] textPositions;
    private final long[] keyPositions;
    private int written;

    HeaderWriter(Arena arena, BatchCrypto crypto, Randomness randomness, SphinxGeometry geometry, int limit) {
        this.randomness = randomness;
        this.geometry = geometry;
        this.hopKeys = new HopKeys(arena, crypto, geometry.profile());
        this.secrets = new HopSecrets(arena, crypto, randomness, hopKeys, geometry, limit);
        this.headerStream = new HeaderStream(arena, crypto, geometry, limit);
        this.fillerStride = geometry.headerStreamLength();
        this.fillers = arena.allocate((long) limit * fillerStride, 64);
        this.first = new AddressArray(arena, limit);
        this.second = new AddressArray(arena, limit);
        this.third = new AddressArray(arena, limit);
        this.live = new int[limit];
        this.textPositions = new long[limit];
        this.keyPositions = new long[limit];
    }

    HopKeys hopKeys() {
        return hopKeys;
    }

    /** Segment of the hop keys at {@link #keysPosition}. */
    MemorySegment keys() {
        return secrets.segment();
    }

    /** Where the hop keys of a header's hop begin in {@link #keys}. */
    long keysPosition(int header, int hop) {
        return secrets.keysPosition(header, hop);
    }

    /**
     * Writes {@code count} headers.
     *
     * @param paths one per header, none longer than the geometry's hops, all of its profile.
     * @param target native.
     * @param positions where each header begins; the header stream is run in place and so one block after each header is
     *     overwritten.
     * @throws IllegalArgumentException if a relay's public key is of low order.
     */
    void write(int count, SphinxPath[] paths, MemorySegment target, long[] positions) {
        written = count;
        int longest = 0;
        for (int i = 0; i < count; i++) {
            if (paths[i].profile() != geometry.profile()) {
                throw new IllegalArgumentException("the path is of another profile: path=" + paths[i].profile()
                        + ", geometry=" + geometry.profile());
            }
            if (paths[i].length() > geometry.hops()) {
                throw new IllegalArgumentException(
                        "path too long: length=" + paths[i].length() + ", hops=" + geometry.hops());
            }
            longest = Math.max(longest, paths[i].length());
        }
        secrets.derive(count, paths, longest);
        for (int hop = 0; hop + 1 < longest; hop++) {
            growFillers(hop, count, paths);
        }
        for (int hop = longest - 1; hop >= 0; hop--) {
            wrapBeta(hop, count, paths, target, positions);
        }
    }

    /** Zeroes all that the last {@link #write} left behind but the headers. */
    void wipe() {
        secrets.wipe(written);
        fillers.asSlice(0, (long) written * fillerStride).fill((byte) 0);
        written = 0;
    }

    /** Memory that {@link #wipe} zeroes, for the test that it does. */
    List<MemorySegment> scratch() {
        return List.of(secrets.segment(), secrets.factor(), fillers);
    }

    /** Selects the headers whose path has more than {@code hop} hops. */
    private int select(int hop, int count, SphinxPath[] paths) {
        int selected = 0;
        for (int i = 0; i < count; i++) {
            if (paths[i].length() > hop) {
                live[selected++] = i;
            }
        }
        return selected;
    }

    /**
     * Processes a beta of zeros as hop {@code hop} will process a real one. After all hops but the last its tail is
     * the filler: the zeros that the hops have appended, as the last hop will see them. The part before it is not used.
     */
    private void growFillers(int hop, int count, SphinxPath[] paths) {
        final int selected = select(hop + 1, count, paths);
        for (int i = 0; i < selected; i++) {
            textPositions[i] = (long) live[i] * fillerStride;
            keyPositions[i] = keysPosition(live[i], hop);
        }
        headerStream.xor(selected, fillers, textPositions, keys(), keyPositions);
        for (int i = 0; i < selected; i++) {
            final long filler = (long) live[i] * fillerStride;
            MemorySegment.copy(fillers, filler + geometry.blockLength(), fillers, filler, geometry.betaLength());
            fillers.asSlice(filler + geometry.betaLength(), geometry.blockLength())
                    .fill((byte) 0);
        }
    }

    /** Puts hop {@code hop}'s block in front of beta, encrypts it, and puts the hop's alpha and gamma before it. */
    private void wrapBeta(int hop, int count, SphinxPath[] paths, MemorySegment target, long[] positions) {
        final int selected = select(hop, count, paths);
        for (int i = 0; i < selected; i++) {
            final int header = live[i];
            final long beta = positions[header] + SphinxGeometry.BETA_OFFSET;
            textPositions[i] = beta;
            keyPositions[i] = keysPosition(header, hop);
            if (hop == paths[header].length() - 1) {
                final int fillerLength = geometry.fillerLength(hop + 1);
                randomness.fill(target.asSlice(beta, geometry.betaLength() - fillerLength));
            } else {
                MemorySegment.copy(
                        target,
                        positions[header] + geometry.profile().nextHeaderOffset(),
                        target,
                        beta + geometry.commandLength(),
                        (long) geometry.nextHeaderLength() - geometry.blockLength());
            }
            paths[header].command(hop).writeTo(target, beta, geometry.commandLength());
            secrets.copyAlpha(header, hop, target, positions[header] + SphinxGeometry.ALPHA_OFFSET);
        }
        headerStream.xor(selected, target, textPositions, keys(), keyPositions);
        for (int i = 0; i < selected; i++) {
            if (hop == paths[live[i]].length() - 1) {
                appendFiller(live[i], geometry.fillerLength(hop + 1), target, positions[live[i]]);
            }
        }
        for (int i = 0; i < selected; i++) {
            first.set(i, target, positions[live[i]] + SphinxGeometry.BETA_OFFSET);
            second.set(i, target, positions[live[i]] + SphinxGeometry.GAMMA_OFFSET);
            third.set(i, keys(), keysPosition(live[i], hop) + HopKeys.MAC_KEY_OFFSET);
        }
        hopKeys.mac(selected, second, first, geometry.betaLength(), third);
    }

    private void appendFiller(int header, int fillerLength, MemorySegment target, long position) {
        final int kept = geometry.betaLength() - fillerLength;
        MemorySegment.copy(
                fillers,
                (long) header * fillerStride + kept,
                target,
                position + SphinxGeometry.BETA_OFFSET + kept,
                fillerLength);
    }
}
