package io.millrace.sphinx;

import io.millrace.crypto.Randomness;
import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.memory.AddressArray;
import io.millrace.memory.StatusArray;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Writes headers (alpha, gamma, beta) for a batch of paths and holds the keys of their hops until {@link #wipe}.
 *
 * <p>Works hop by hop over the whole batch; paths may be of different lengths. Two scalar multiplications per hop.
 *
 * <p>Not thread safe.
 *
 * <p>Source: "Sphinx" sections 3.2 and 3.3; the padding of the last hop is random: Kuhn, Beck and Strufe, "Breaking and
 * (Partially) Fixing Provably Secure Onion Routing", 2020, section 4.2.
 */
final class HeaderWriter {
    /*
     * Scratch of one header.
     *
     *  offset  length  field
     *       0      32  t, see BlindedScalars
     *      32      32  clamped scalar
     *      64      32  shared secret
     *      96      64  alpha || relay public key
     *     160      64  pseudo-random key
     *     224     256  hop keys of hop 0, then of hop 1, ...
     */
    private static final int T_OFFSET = 0;
    private static final int SCALAR_OFFSET = 32;
    private static final int SECRET_OFFSET = 64;
    private static final int INPUT_OFFSET = 96;
    private static final int PUBLIC_KEY_OFFSET = INPUT_OFFSET + SphinxGeometry.ALPHA_LENGTH;
    private static final int PRK_OFFSET = 160;
    private static final int KEYS_OFFSET = 224;

    private final BatchCrypto crypto;
    private final Randomness randomness;
    private final SphinxGeometry geometry;
    private final HopKeys hopKeys;
    private final BlindedScalars scalars;
    private final int stride;
    private final int fillerStride;
    private final MemorySegment scratch;
    private final MemorySegment fillers;
    private final AddressArray first;
    private final AddressArray second;
    private final AddressArray third;
    private final StatusArray accepted;
    private final int[] live;
    private int written;

    HeaderWriter(Arena arena, BatchCrypto crypto, Randomness randomness, SphinxGeometry geometry, int limit) {
        this.crypto = crypto;
        this.randomness = randomness;
        this.geometry = geometry;
        this.hopKeys = new HopKeys(arena, crypto);
        this.scalars = new BlindedScalars(arena);
        this.stride = KEYS_OFFSET + geometry.hops() * HopKeys.LENGTH;
        this.fillerStride = geometry.headerStreamLength();
        this.scratch = arena.allocate((long) limit * stride, 64);
        this.fillers = arena.allocate((long) limit * fillerStride, 64);
        this.first = new AddressArray(arena, limit);
        this.second = new AddressArray(arena, limit);
        this.third = new AddressArray(arena, limit);
        this.accepted = new StatusArray(arena, limit);
        this.live = new int[limit];
    }

    HopKeys hopKeys() {
        return hopKeys;
    }

    /** Where the hop keys that {@link #keysPosition} speaks of lie. */
    MemorySegment keys() {
        return scratch;
    }

    /** Where the hop keys of a header's hop begin in {@link #keys}. */
    long keysPosition(int header, int hop) {
        return base(header) + KEYS_OFFSET + (long) hop * HopKeys.LENGTH;
    }

    /**
     * Writes {@code count} headers.
     *
     * @param paths one per header, none longer than the geometry's hops.
     * @param target native.
     * @param positions where each header begins; the header stream is run in place and so one block after each header is
     *     overwritten.
     * @throws IllegalArgumentException if a relay's public key is of low order.
     */
    void write(int count, SphinxPath[] paths, MemorySegment target, long[] positions) {
        written = count;
        int longest = 0;
        for (int i = 0; i < count; i++) {
            if (paths[i].length() > geometry.hops()) {
                throw new IllegalArgumentException(
                        "path too long: length=" + paths[i].length() + ", hops=" + geometry.hops());
            }
            longest = Math.max(longest, paths[i].length());
            final long t = base(i) + T_OFFSET;
            randomness.fill(scratch.asSlice(t, BatchCrypto.KEY_LENGTH));
            scalars.start(scratch, t);
        }
        for (int hop = 0; hop < longest; hop++) {
            deriveKeys(hop, count, paths, target, positions);
        }
        fillers.asSlice(0, (long) count * fillerStride).fill((byte) 0);
        for (int hop = 0; hop + 1 < longest; hop++) {
            growFillers(hop, count, paths);
        }
        for (int hop = longest - 1; hop >= 0; hop--) {
            wrapBeta(hop, count, paths, target, positions);
        }
    }

    /** Zeroes all that the last {@link #write} left behind but the headers. */
    void wipe() {
        scratch.asSlice(0, (long) written * stride).fill((byte) 0);
        scalars.wipe();
        written = 0;
    }

    /** Memory that {@link #wipe} zeroes in addition to the keys, for the test that it does. */
    MemorySegment factor() {
        return scalars.factor();
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

    /** Alpha, shared secret and keys of hop {@code hop}; alpha of hop 0 goes into the header. */
    private void deriveKeys(int hop, int count, SphinxPath[] paths, MemorySegment target, long[] positions) {
        final int selected = select(hop, count, paths);
        for (int i = 0; i < selected; i++) {
            final int header = live[i];
            final long base = base(header);
            if (hop > 0) {
                scalars.blind(
                        scratch,
                        base + T_OFFSET,
                        scratch,
                        keysPosition(header, hop - 1) + HopKeys.BLINDING_FACTOR_OFFSET);
            }
            scalars.clampedTo(scratch, base + T_OFFSET, scratch, base + SCALAR_OFFSET);
            paths[header].hop(hop).relay().writeTo(scratch, base + PUBLIC_KEY_OFFSET);
        }
        addresses(first, selected, INPUT_OFFSET);
        addresses(second, selected, SCALAR_OFFSET);
        crypto.x25519Base(selected, first, second);
        addresses(first, selected, SECRET_OFFSET);
        addresses(third, selected, PUBLIC_KEY_OFFSET);
        crypto.x25519(selected, first, second, third, accepted);
        for (int i = 0; i < selected; i++) {
            if (!accepted.ok(i)) {
                throw new IllegalArgumentException("public key of low order: hop=" + hop + ", relay="
                        + paths[live[i]].hop(hop).relay());
            }
        }
        addresses(second, selected, INPUT_OFFSET);
        addresses(third, selected, PRK_OFFSET);
        hopKeys.extract(selected, third, second, first);
        for (int block = 0; block < HopKeys.BLOCK_COUNT; block++) {
            keyAddresses(first, selected, hop, block * HopKeys.BLOCK_LENGTH);
            hopKeys.expand(selected, first, third, block);
        }
        if (hop == 0) {
            for (int header = 0; header < count; header++) {
                ByteBlocks.copy32(
                        scratch, base(header) + INPUT_OFFSET, target, positions[header] + SphinxGeometry.ALPHA_OFFSET);
            }
        }
    }

    /**
     * Processes a beta of zeros as hop {@code hop} will process a real one. After all hops but the last its tail is
     * the filler: the zeros that the hops have appended, as the last hop will see them. The part before it is not used.
     */
    private void growFillers(int hop, int count, SphinxPath[] paths) {
        final int selected = select(hop + 1, count, paths);
        for (int i = 0; i < selected; i++) {
            first.set(i, fillers, (long) live[i] * fillerStride);
        }
        keyAddresses(second, selected, hop, HopKeys.HEADER_KEY_OFFSET);
        crypto.chacha20Xor(selected, first, geometry.headerStreamLength(), second);
        for (int i = 0; i < selected; i++) {
            final long filler = (long) live[i] * fillerStride;
            MemorySegment.copy(fillers, filler + geometry.blockLength(), fillers, filler, geometry.betaLength());
            fillers.asSlice(filler + geometry.betaLength(), geometry.blockLength())
                    .fill((byte) 0);
        }
    }

    /** Puts hop {@code hop}'s block in front of beta, encrypts it and computes gamma. */
    private void wrapBeta(int hop, int count, SphinxPath[] paths, MemorySegment target, long[] positions) {
        final int selected = select(hop, count, paths);
        for (int i = 0; i < selected; i++) {
            final int header = live[i];
            final long gamma = positions[header] + SphinxGeometry.GAMMA_OFFSET;
            final long beta = positions[header] + SphinxGeometry.BETA_OFFSET;
            if (hop == paths[header].length() - 1) {
                final int fillerLength = geometry.fillerLength(hop + 1);
                randomness.fill(target.asSlice(beta, geometry.betaLength() - fillerLength));
            } else {
                MemorySegment.copy(
                        target,
                        gamma,
                        target,
                        beta + geometry.commandLength(),
                        SphinxGeometry.GAMMA_LENGTH + (long) geometry.betaLength() - geometry.blockLength());
            }
            paths[header].command(hop).writeTo(target, beta, geometry.commandLength());
        }
        for (int i = 0; i < selected; i++) {
            first.set(i, target, positions[live[i]] + SphinxGeometry.BETA_OFFSET);
            second.set(i, target, positions[live[i]] + SphinxGeometry.GAMMA_OFFSET);
        }
        keyAddresses(third, selected, hop, HopKeys.HEADER_KEY_OFFSET);
        crypto.chacha20Xor(selected, first, geometry.headerStreamLength(), third);
        for (int i = 0; i < selected; i++) {
            if (hop == paths[live[i]].length() - 1) {
                appendFiller(live[i], geometry.fillerLength(hop + 1), target, positions[live[i]]);
            }
        }
        keyAddresses(third, selected, hop, HopKeys.MAC_KEY_OFFSET);
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

    private void addresses(AddressArray addresses, int selected, int offset) {
        for (int i = 0; i < selected; i++) {
            addresses.set(i, scratch, base(live[i]) + offset);
        }
    }

    private void keyAddresses(AddressArray addresses, int selected, int hop, int offset) {
        for (int i = 0; i < selected; i++) {
            addresses.set(i, scratch, keysPosition(live[i], hop) + offset);
        }
    }

    private long base(int header) {
        return (long) header * stride;
    }
}
