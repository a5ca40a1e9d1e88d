package io.millrace.cli.vectors;

import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.memory.AddressArray;
import io.millrace.memory.StatusArray;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A batch provider, given one input at a time: alone, and as every element of a batch wider than any kernel's lanes, so
 * that each position must give the same answer.
 */
final class ProviderUnderTest {
    // Two times eight lanes, and one left over.
    private static final int COPIES = 17;

    private final BatchCrypto provider;

    ProviderUnderTest(BatchCrypto provider) {
        this.provider = provider;
    }

    String name() {
        return provider.name();
    }

    /** X25519 into {@code out}; false if refused. */
    boolean x25519(Arena arena, MemorySegment out, MemorySegment scalar, MemorySegment point) {
        requireKey("scalar", scalar);
        requireKey("point", point);
        final Batch outs = new Batch(arena, out);
        final Batch scalars = new Batch(arena, scalar);
        final Batch points = new Batch(arena, point);
        return agreed(
                arena,
                out,
                outs,
                (count, ok) -> provider.x25519(count, outs.addresses, scalars.addresses, points.addresses, ok));
    }

    /** Opens {@code text} in place; false if refused. The caller has checked the nonce's length. */
    boolean open(
            Arena arena,
            MemorySegment text,
            MemorySegment tag,
            MemorySegment ad,
            MemorySegment nonce,
            MemorySegment key) {
        final Batch texts = new Batch(arena, text);
        final Batch tags = new Batch(arena, tag);
        final Batch ads = new Batch(arena, ad);
        final Batch nonces = new Batch(arena, nonce);
        final Batch keys = new Batch(arena, key);
        return agreed(
                arena,
                text,
                texts,
                (count, ok) -> provider.aeadOpen(
                        count,
                        texts.addresses,
                        (int) text.byteSize(),
                        tags.addresses,
                        ads.addresses,
                        (int) ad.byteSize(),
                        nonces.addresses,
                        keys.addresses,
                        ok));
    }

    /** Seals {@code text} in place and writes {@code tag}. The caller has checked the nonce's length. */
    void seal(
            Arena arena,
            MemorySegment text,
            MemorySegment tag,
            MemorySegment ad,
            MemorySegment nonce,
            MemorySegment key) {
        final Batch texts = new Batch(arena, text);
        final Batch tags = new Batch(arena, tag);
        final Batch ads = new Batch(arena, ad);
        final Batch nonces = new Batch(arena, nonce);
        final Batch keys = new Batch(arena, key);
        final Kernel seal = (count, ok) -> {
            tags.reset();
            provider.aeadSeal(
                    count,
                    texts.addresses,
                    (int) text.byteSize(),
                    tags.addresses,
                    ads.addresses,
                    (int) ad.byteSize(),
                    nonces.addresses,
                    keys.addresses);
            for (int i = 0; i < count; i++) {
                ok.set(i, true);
                Expectation.equal("tag of input " + i + " of " + count, tags.element(0), tags.element(i));
            }
        };
        agreed(arena, text, texts, seal);
        tag.copyFrom(tags.element(0));
    }

    /** Runs {@code kernel} at both sizes; all elements must agree. Copies the outcome to {@code result}. */
    private static boolean agreed(Arena arena, MemorySegment result, Batch results, Kernel kernel) {
        final StatusArray ok = new StatusArray(arena, COPIES);
        kernel.run(1, ok);
        final boolean alone = ok.ok(0);
        final MemorySegment bytesAlone = arena.allocate(result.byteSize()).copyFrom(results.element(0));
        results.reset();
        kernel.run(COPIES, ok);
        for (int i = 0; i < COPIES; i++) {
            if (ok.ok(i) != alone) {
                throw new VectorMismatch("input " + i + " of " + COPIES + " differs from the same input alone");
            }
            if (alone) {
                Expectation.equal("input " + i + " of " + COPIES, bytesAlone, results.element(i));
            }
        }
        result.copyFrom(bytesAlone);
        return alone;
    }

    private static void requireKey(String name, MemorySegment key) {
        if (key.byteSize() != BatchCrypto.KEY_LENGTH) {
            throw new IllegalArgumentException(name + " must be 32 bytes: length=" + key.byteSize());
        }
    }

    private interface Kernel {
        void run(int count, StatusArray ok);
    }

    /** {@link #COPIES} copies of one operand. */
    private static final class Batch {
        private final MemorySegment operand;
        private final MemorySegment segment;
        private final AddressArray addresses;

        private Batch(Arena arena, MemorySegment operand) {
            this.operand = arena.allocate(operand.byteSize()).copyFrom(operand);
            // One byte at least, so that an empty operand has an address.
            this.segment = arena.allocate(Math.max(1, operand.byteSize() * COPIES));
            this.addresses = new AddressArray(arena, COPIES).fill(COPIES, segment, 0, operand.byteSize());
            reset();
        }

        private void reset() {
            for (int i = 0; i < COPIES; i++) {
                element(i).copyFrom(operand);
            }
        }

        private MemorySegment element(int index) {
            return segment.asSlice(index * operand.byteSize(), operand.byteSize());
        }
    }
}
