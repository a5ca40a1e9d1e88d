package io.millrace.vrf;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.crypto.Wiping;
import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.memory.AddressArray;
import io.millrace.memory.StatusArray;
import io.millrace.memory.TrackedArena;
import java.lang.foreign.MemorySegment;

/**
 * The outputs of one secret key for many inputs at once, without proofs: what {@link EcvrfProver#output} gives for each,
 * with every step over the whole batch. For the suite ELL2 and inputs of one length.
 *
 * <p>Write the inputs to {@link #input}, call {@link #outputs}, read {@link #output}. Constant time in key and inputs.
 * Allocates nothing per batch. Inputs that a provider leaves to its caller go through an {@link EcvrfProver}, one by one.
 *
 * <p>Per input, in addition to the output:
 *
 * <pre>
 *  first hash    128 zeros | public key 32 | vrfInput | 0x0030 | 0x00 | DST' 41
 *  second hash   b_0 64 | 0x01 | DST' 41
 *  third hash    suite 1 | 0x03 | 8 * vrfGamma 32 | 0x00
 * </pre>
 *
 * <p>Threading: one thread at a time. The key stays its owner's and must outlive this object.
 *
 * <p>Source: RFC 9381 sections 5.2 and 5.4.1.2; RFC 9380 section 5.3.1.
 */
public final class EcvrfBatch implements AutoCloseable {
    private static final int ALIGNMENT = 64;
    private static final int THIRD_LENGTH = 2 + EcvrfSuite.GAMMA_LENGTH + 1;
    private static final int GAMMA_OFFSET = 2;

    private final BatchCrypto crypto;
    private final EcvrfSecretKey key;
    private final EcvrfProver prover;
    private final int limit;
    private final int inputOffset = EncodeToCurve.ELL2_PREFIX_LENGTH + EcvrfSuite.PUBLIC_KEY_LENGTH;
    private final int firstLength;
    private final int secondLength;
    private final TrackedArena arena = TrackedArena.shared();
    private final Operand first;
    private final Operand second;
    private final Operand third;
    private final Operand uniform;
    private final Operand out;
    private final MemorySegment[] inputs;
    private final MemorySegment[] outputs;
    private final MemorySegment[] gammas;
    private final AddressArray gamma;
    private final AddressArray scalar;
    private final StatusArray done;

    /**
     * Makes room for batches.
     *
     * @param key of the relay; stays the caller's and must outlive this.
     * @param crypto provider of the batch operations; stays the caller's.
     * @param inputLength of every input, in bytes, 0 or more.
     * @param limit largest batch, 1 to {@link BatchCrypto#MAX_BATCH}.
     */
    public EcvrfBatch(EcvrfSecretKey key, BatchCrypto crypto, int inputLength, int limit) {
        if (limit < 1 || limit > BatchCrypto.MAX_BATCH || inputLength < 0) {
            throw new IllegalArgumentException("limit must be 1 to " + BatchCrypto.MAX_BATCH
                    + " and inputs not negative: limit=" + limit + ", inputLength=" + inputLength);
        }
        final byte[] suffix = EncodeToCurve.ell2Suffix();
        final byte[] dstPrime = EncodeToCurve.dstPrime(EcvrfSuite.ELL2);
        this.crypto = crypto;
        this.key = key;
        this.prover = new EcvrfProver(EcvrfSuite.ELL2, key);
        this.limit = limit;
        this.firstLength = inputOffset + inputLength + suffix.length;
        this.secondLength = BatchCrypto.SHA512_LENGTH + 1 + dstPrime.length;
        this.first = new Operand(firstLength);
        this.second = new Operand(secondLength);
        this.third = new Operand(THIRD_LENGTH);
        this.uniform = new Operand(BatchCrypto.SHA512_LENGTH);
        this.out = new Operand(EcvrfSuite.OUTPUT_LENGTH);
        this.gamma = new AddressArray(arena, limit).fill(limit, third.memory, GAMMA_OFFSET, third.stride);
        this.scalar = new AddressArray(arena, limit);
        this.done = new StatusArray(arena, limit);
        this.inputs = new MemorySegment[limit];
        this.outputs = new MemorySegment[limit];
        this.gammas = new MemorySegment[limit];
        for (int i = 0; i < limit; i++) {
            inputs[i] = first.element(i).asSlice(inputOffset, inputLength);
            outputs[i] = out.element(i);
            gammas[i] = third.element(i).asSlice(GAMMA_OFFSET, EcvrfSuite.GAMMA_LENGTH);
            final MemorySegment hashed = first.element(i);
            MemorySegment.copy(suffix, 0, hashed, JAVA_BYTE, inputOffset + inputLength, suffix.length);
            MemorySegment.copy(
                    key.publicKey(), 0, hashed, EncodeToCurve.ELL2_PREFIX_LENGTH, EcvrfSuite.PUBLIC_KEY_LENGTH);
            final MemorySegment again = second.element(i);
            again.set(JAVA_BYTE, BatchCrypto.SHA512_LENGTH, (byte) 1);
            MemorySegment.copy(dstPrime, 0, again, JAVA_BYTE, BatchCrypto.SHA512_LENGTH + 1, dstPrime.length);
            third.element(i).set(JAVA_BYTE, 0, EcvrfSuite.ELL2.suiteString());
            third.element(i).set(JAVA_BYTE, 1, (byte) 0x03);
        }
    }

    /** Elements of one length, each on its own cache lines. */
    private final class Operand {
        private final int length;
        private final long stride;
        private final MemorySegment memory;
        private final AddressArray addresses;

        private Operand(int length) {
            this.length = length;
            this.stride = Math.ceilDiv(length, ALIGNMENT) * (long) ALIGNMENT;
            this.memory = arena.allocate(limit * stride, ALIGNMENT);
            this.addresses = new AddressArray(arena, limit).fill(limit, memory, 0, stride);
        }

        private MemorySegment element(int index) {
            return memory.asSlice(index * stride, length);
        }
    }

    /** Most inputs of a batch. */
    public int limit() {
        return limit;
    }

    /**
     * Where input {@code index} goes: native, of the length of every input, kept between batches.
     *
     * @param index 0 to {@link #limit} - 1.
     */
    public MemorySegment input(int index) {
        return inputs[index];
    }

    /**
     * Computes the outputs of the first {@code count} inputs, 1 to {@link #limit}.
     *
     * @param count of inputs, 1 to {@link #limit}.
     */
    public void outputs(int count) {
        multiples(count, key.eightX());
        crypto.sha512(count, out.addresses, third.addresses, THIRD_LENGTH);
        for (int i = 0; i < count; i++) {
            if (!done.ok(i)) {
                prover.output(output(i), input(i));
            }
        }
    }

    /**
     * Output {@code index} of the last {@link #outputs}: {@link EcvrfSuite#OUTPUT_LENGTH} bytes, native.
     *
     * @param index 0 to the last count - 1.
     */
    public MemorySegment output(int index) {
        return outputs[index];
    }

    /**
     * Computes {@code vrfGamma} of the first {@code count} inputs, 1 to {@link #limit}.
     *
     * @param count of inputs, 1 to {@link #limit}.
     */
    public void gammas(int count) {
        multiples(count, key.x());
        for (int i = 0; i < count; i++) {
            if (!done.ok(i)) {
                prover.gamma(gamma(i), input(i));
            }
        }
    }

    /**
     * {@code vrfGamma} number {@code index} of the last {@link #gammas}: {@link EcvrfSuite#GAMMA_LENGTH} bytes.
     *
     * @param index 0 to the last count - 1.
     */
    public MemorySegment gamma(int index) {
        return gammas[index];
    }

    /** Wipes inputs, outputs and all between, and frees the memory; the key stays open. */
    @Override
    public void close() {
        for (Operand operand : new Operand[] {first, second, third, uniform, out}) {
            Wiping.wipe(operand.memory);
        }
        prover.close();
        arena.close();
    }

    /** Encodes the inputs to the curve and multiplies by {@code multiplier}. */
    private void multiples(int count, MemorySegment multiplier) {
        crypto.sha512(count, second.addresses, first.addresses, firstLength);
        crypto.sha512(count, uniform.addresses, second.addresses, secondLength);
        crypto.edwardsMap(count, gamma, scalar.fill(count, multiplier, 0, 0), uniform.addresses, done);
    }
}
