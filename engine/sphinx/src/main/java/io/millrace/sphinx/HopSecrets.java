package io.millrace.sphinx;

import io.millrace.crypto.Randomness;
import io.millrace.crypto.Wiping;
import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.memory.AddressArray;
import io.millrace.memory.StatusArray;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * The sender's secrets of each hop of a batch of paths: scalar, alpha, shared secret and hop keys, until {@link #wipe}.
 *
 * <p>Not thread safe.
 */
final class HopSecrets {
    /*
     * Scratch of one header.
     *
     *  offset  length  field
     *       0      32  mr1: t, see BlindedScalars
     *      32          cell of hop 0, then of hop 1, ...
     *
     * Cell of one hop.
     *
     *  offset  length  field
     *       0      32  scalar; mr2: the ephemeral key of the hop
     *      32      32  shared secret
     *      64      64  alpha || relay public key
     *     128      64  pseudo-random key
     *     192     256  hop keys
     *     448      32  not used; an odd number of half cache lines spreads the cells over the sets of the cache
     */
    private static final int T_OFFSET = 0;
    private static final int CELLS_OFFSET = 32;
    private static final int SCALAR_OFFSET = 0;
    private static final int SECRET_OFFSET = 32;
    private static final int INPUT_OFFSET = 64;
    private static final int PUBLIC_KEY_OFFSET = INPUT_OFFSET + SphinxGeometry.ALPHA_LENGTH;
    private static final int PRK_OFFSET = 128;
    private static final int KEYS_OFFSET = 192;
    private static final int CELL_LENGTH = 480;

    private final BatchCrypto crypto;
    private final Randomness randomness;
    private final HopKeys hopKeys;
    private final SphinxProfile profile;
    private final BlindedScalars scalars;
    private final int stride;
    private final MemorySegment scratch;

    private final AddressArray first;
    private final AddressArray second;
    private final AddressArray third;
    private final StatusArray accepted;

    /** Headers and hops of the wave that is being filled. */
    private final int[] headers;

    private final int[] hops;
    private int waveCount;

    HopSecrets(
            Arena arena,
            BatchCrypto crypto,
            Randomness randomness,
            HopKeys hopKeys,
            SphinxGeometry geometry,
            int limit) {
        this.crypto = crypto;
        this.randomness = randomness;
        this.hopKeys = hopKeys;
        this.profile = geometry.profile();
        this.scalars = new BlindedScalars(arena);
        this.stride = CELLS_OFFSET + geometry.hops() * CELL_LENGTH;
        this.scratch = arena.allocate((long) limit * stride, 64);
        final int wave = profile.blinds() ? limit : Math.min(BatchCrypto.MAX_BATCH, limit * geometry.hops());
        this.first = new AddressArray(arena, wave);
        this.second = new AddressArray(arena, wave);
        this.third = new AddressArray(arena, wave);
        this.accepted = new StatusArray(arena, wave);
        this.headers = new int[wave];
        this.hops = new int[wave];
    }

    /**
     * Draws the secrets of {@code count} paths and derives the keys of all their hops.
     *
     * @param longest length of the longest path.
     * @throws IllegalArgumentException if a relay's public key is of low order.
     */
    void derive(int count, SphinxPath[] paths, int longest) {
        waveCount = 0;
        if (profile.blinds()) {
            deriveBlinded(count, paths, longest);
        } else {
            deriveIndependent(count, paths);
        }
    }

    /** One secret per path; the scalar of a hop has the blinding factors of the hops before it. */
    private void deriveBlinded(int count, SphinxPath[] paths, int longest) {
        for (int header = 0; header < count; header++) {
            final long t = base(header) + T_OFFSET;
            randomness.fill(scratch.asSlice(t, BatchCrypto.KEY_LENGTH));
            scalars.start(scratch, t);
        }
        for (int hop = 0; hop < longest; hop++) {
            for (int header = 0; header < count; header++) {
                if (paths[header].length() > hop) {
                    final long t = base(header) + T_OFFSET;
                    if (hop > 0) {
                        scalars.blind(
                                scratch, t, scratch, keysPosition(header, hop - 1) + HopKeys.BLINDING_FACTOR_OFFSET);
                    }
                    scalars.clampedTo(scratch, t, scratch, cell(header, hop) + SCALAR_OFFSET);
                    add(header, hop, paths);
                }
            }
            deriveWave(paths);
        }
    }

    /** One secret per hop, each drawn for it alone. */
    private void deriveIndependent(int count, SphinxPath[] paths) {
        for (int header = 0; header < count; header++) {
            for (int hop = 0; hop < paths[header].length(); hop++) {
                randomness.fill(scratch.asSlice(cell(header, hop) + SCALAR_OFFSET, BatchCrypto.KEY_LENGTH));
                add(header, hop, paths);
            }
        }
        deriveWave(paths);
    }

    /** Adds a hop whose scalar is there to the wave, and derives the wave if it is full. */
    private void add(int header, int hop, SphinxPath[] paths) {
        headers[waveCount] = header;
        hops[waveCount++] = hop;
        paths[header].hop(hop).relay().writeTo(scratch, cell(header, hop) + PUBLIC_KEY_OFFSET);
        if (waveCount == headers.length) {
            deriveWave(paths);
        }
    }

    /** Alpha, shared secret and keys of the hops of the wave. */
    private void deriveWave(SphinxPath[] paths) {
        final int count = waveCount;
        waveCount = 0;
        if (count == 0) {
            return;
        }
        addresses(first, count, INPUT_OFFSET);
        addresses(second, count, SCALAR_OFFSET);
        crypto.x25519Base(count, first, second);
        addresses(first, count, SECRET_OFFSET);
        addresses(third, count, PUBLIC_KEY_OFFSET);
        crypto.x25519(count, first, second, third, accepted);
        for (int i = 0; i < count; i++) {
            if (!accepted.ok(i)) {
                throw new IllegalArgumentException("public key of low order: hop=" + hops[i] + ", relay="
                        + paths[headers[i]].hop(hops[i]).relay());
            }
        }
        addresses(second, count, INPUT_OFFSET);
        addresses(third, count, PRK_OFFSET);
        hopKeys.extract(count, third, second, first);
        for (int block = 0; block < HopKeys.BLOCK_COUNT; block++) {
            addresses(first, count, KEYS_OFFSET + block * HopKeys.BLOCK_LENGTH);
            hopKeys.expand(count, first, third, block);
        }
    }

    /** Copies alpha of a header's hop to {@code position}. */
    void copyAlpha(int header, int hop, MemorySegment target, long position) {
        ByteBlocks.copy32(scratch, cell(header, hop) + INPUT_OFFSET, target, position);
    }

    /** Segment of the hop keys at {@link #keysPosition}. */
    MemorySegment segment() {
        return scratch;
    }

    /** Where the hop keys of a header's hop begin in {@link #segment}. */
    long keysPosition(int header, int hop) {
        return cell(header, hop) + KEYS_OFFSET;
    }

    /** Zeroes the secrets of the first {@code count} paths. */
    void wipe(int count) {
        Objects.checkIndex(count, (int) (scratch.byteSize() / stride) + 1);
        Wiping.wipe(scratch.asSlice(0, (long) count * stride));
        scalars.wipe();
    }

    /** Further memory that {@link #wipe} zeroes, for the test that it does. */
    MemorySegment factor() {
        return scalars.factor();
    }

    private void addresses(AddressArray addresses, int count, int offset) {
        for (int i = 0; i < count; i++) {
            addresses.set(i, scratch, cell(headers[i], hops[i]) + offset);
        }
    }

    private long base(int header) {
        return (long) header * stride;
    }

    private long cell(int header, int hop) {
        return base(header) + CELLS_OFFSET + (long) hop * CELL_LENGTH;
    }
}
