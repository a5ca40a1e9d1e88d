package io.millrace.crypto;

import io.millrace.memory.AddressArray;
import io.millrace.memory.StatusArray;
import io.millrace.natives.Lanes;
import io.millrace.natives.LanesLevel;

/**
 * The provider {@code lanes}: our own kernels, eight inputs in the lanes of one vector. A vector costs the same however
 * many of its lanes are filled, so inputs that would fill too few are left to libsodium: the last ones of a batch, or
 * all of a small batch. {@link LanesCrossover} says from how many on a vector pays.
 */
final class LanesBatchCrypto implements BatchCrypto {
    /** Name of this provider. */
    static final String NAME = "lanes";

    private final LanesLevel level;
    private final LanesCrossover crossover;
    private final SodiumCalls single = new SodiumCalls();

    /**
     * Takes the kernels of a level; what has none there goes to libsodium.
     *
     * @param level at most {@code LanesLibrary.level()}.
     */
    LanesBatchCrypto(LanesLevel level, LanesCrossover crossover) {
        this.level = level;
        this.crossover = crossover.at(level);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void x25519(int count, AddressArray out, AddressArray scalar, AddressArray point, StatusArray ok) {
        BatchOperands.x25519(count, out, scalar, point, ok);
        final int wide = x25519Together(count);
        if (wide > 0) {
            Lanes.x25519(level, wide, out.address(wide), scalar.address(wide), point.address(wide), ok.address(wide));
        }
        if (wide < count) {
            single.x25519(wide, count, out, scalar, point, ok);
        }
    }

    /** How many of {@code count} inputs of {@link #x25519} go into vectors, because that is faster there. */
    int x25519Together(int count) {
        return LanesCrossover.inVectors(count, crossover.x25519(), level.x25519Width());
    }

    @Override
    public void x25519Base(int count, AddressArray out, AddressArray scalar) {
        BatchOperands.x25519Base(count, out, scalar);
        final int wide = LanesCrossover.inVectors(count, crossover.x25519Base(), level.x25519Width());
        if (wide > 0) {
            Lanes.x25519Base(level, wide, out.address(wide), scalar.address(wide));
        }
        if (wide < count) {
            single.x25519Base(wide, count, out, scalar);
        }
    }

    @Override
    public void chacha20Xor(int count, AddressArray text, int length, AddressArray key) {
        BatchOperands.chacha20Xor(count, text, length, key);
        if (level == LanesLevel.AVX2) {
            single.chacha20Xor(0, count, text, length, key);
        } else {
            Lanes.chacha20Xor(count, text.address(count), length, key.address(count));
        }
    }

    @Override
    public void blake2b(
            int count,
            AddressArray out,
            int outLength,
            AddressArray in,
            int inLength,
            AddressArray key,
            int keyLength,
            long salt,
            long personal) {
        BatchOperands.blake2b(count, out, outLength, in, inLength, key, keyLength, salt, personal);
        final int wide = LanesCrossover.inVectors(count, crossover.blake2b());
        if (wide > 0) {
            Lanes.blake2b(
                    wide,
                    out.address(wide),
                    outLength,
                    in.address(wide),
                    inLength,
                    key.address(wide),
                    keyLength,
                    salt,
                    personal);
        }
        if (wide < count) {
            single.blake2b(wide, count, out, outLength, in, inLength, key, keyLength, salt, personal);
        }
    }

    @Override
    public void sha512(int count, AddressArray out, AddressArray in, int inLength) {
        BatchOperands.sha512(count, out, in, inLength);
        final int wide = LanesCrossover.inVectors(count, crossover.sha512());
        if (wide > 0) {
            Lanes.sha512(wide, out.address(wide), in.address(wide), inLength);
        }
        if (wide < count) {
            single.sha512(wide, count, out, in, inLength);
        }
    }

    @Override
    public void edwardsMap(int count, AddressArray out, AddressArray scalar, AddressArray uniform, StatusArray ok) {
        BatchOperands.x25519(count, out, scalar, uniform, ok);
        if (level != LanesLevel.IFMA) {
            for (int i = 0; i < count; i++) {
                ok.set(i, false);
            }
            return;
        }
        // There is nothing to cross over to: libsodium alone takes longer for one point than a vector.
        Lanes.edwards25519Map(
                count, out.address(count), scalar.address(count), uniform.address(count), ok.address(count));
    }

    @Override
    public void aeadSeal(
            int count,
            AddressArray text,
            int length,
            AddressArray tag,
            AddressArray ad,
            int adLength,
            AddressArray nonce,
            AddressArray key) {
        BatchOperands.aead(count, text, length, tag, ad, adLength, nonce, key);
        final int wide = LanesCrossover.inVectors(count, crossover.aead(length));
        if (wide > 0) {
            Lanes.aeadSeal(
                    wide,
                    text.address(wide),
                    length,
                    tag.address(wide),
                    ad.address(wide),
                    adLength,
                    nonce.address(wide),
                    key.address(wide));
        }
        if (wide < count) {
            single.aeadSeal(wide, count, text, length, tag, ad, adLength, nonce, key);
        }
    }

    @Override
    public void aeadOpen(
            int count,
            AddressArray text,
            int length,
            AddressArray tag,
            AddressArray ad,
            int adLength,
            AddressArray nonce,
            AddressArray key,
            StatusArray ok) {
        BatchOperands.aead(count, text, length, tag, ad, adLength, nonce, key);
        ok.require(count);
        final int wide = LanesCrossover.inVectors(count, crossover.aead(length));
        if (wide > 0) {
            Lanes.aeadOpen(
                    wide,
                    text.address(wide),
                    length,
                    tag.address(wide),
                    ad.address(wide),
                    adLength,
                    nonce.address(wide),
                    key.address(wide),
                    ok.address(wide));
        }
        if (wide < count) {
            single.aeadOpen(wide, count, text, length, tag, ad, adLength, nonce, key, ok);
        }
    }

    @Override
    public int aeadTogether(int count, int length) {
        BatchOperands.count(count);
        BatchOperands.length("length", length, 0, MAX_LENGTH);
        return LanesCrossover.inVectors(count, crossover.aead(length));
    }
}
