package io.millrace.crypto.provider;

import io.millrace.memory.AddressArray;
import io.millrace.memory.StatusArray;
import io.millrace.natives.Lanes;
import io.millrace.natives.LanesLevel;
import java.lang.foreign.MemorySegment;

/**
 * The provider {@code lanes}: our own kernels, four or eight inputs in the lanes of one vector. A vector costs the same however
 * many of its lanes are filled, so inputs that would fill too few are left to libsodium: the last ones of a batch, or
 * all of a small batch. {@link LanesCrossover} says from how many on a vector pays.
 */
final class LanesBatchCrypto implements BatchCrypto {
    /** Name of this provider. */
    static final String NAME = "lanes";

    private final String name;
    private final LanesLevel level;
    private final LanesCrossover crossover;
    private final SodiumCalls single = new SodiumCalls();

    /**
     * Takes the kernels of a level; operations without one go to libsodium.
     *
     * @param name as {@link CryptoProviders#byName} takes it.
     * @param level at most {@code LanesLibrary.level()}.
     */
    LanesBatchCrypto(String name, LanesLevel level, LanesCrossover crossover) {
        this.name = name;
        this.level = level;
        this.crossover = crossover.at(level);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String kernels() {
        return level.word();
    }

    /** How many of so many inputs go into vectors. */
    private int together(int count, int from) {
        return LanesCrossover.inVectors(count, from, level.width());
    }

    @Override
    public void x25519(int count, AddressArray out, AddressArray scalar, AddressArray point, StatusArray ok) {
        BatchOperands.x25519(count, out, scalar, point, ok);
        final int wide = x25519Together(count);
        if (wide > 0) {
            Lanes.x25519(
                    level,
                    wide,
                    out.segment(wide),
                    scalar.segment(wide),
                    point.segment(wide),
                    ok.segment(wide),
                    out.memory(),
                    scalar.memory(),
                    point.memory());
        }
        if (wide < count) {
            single.x25519(wide, count, out, scalar, point, ok);
        }
    }

    /** How many of {@code count} inputs of {@link #x25519} go into vectors, because that is faster there. */
    int x25519Together(int count) {
        return together(count, crossover.x25519());
    }

    @Override
    public void x25519Base(int count, AddressArray out, AddressArray scalar) {
        BatchOperands.x25519Base(count, out, scalar);
        final int wide = together(count, crossover.x25519Base());
        if (wide > 0) {
            Lanes.x25519Base(level, wide, out.segment(wide), scalar.segment(wide), out.memory(), scalar.memory());
        }
        if (wide < count) {
            single.x25519Base(wide, count, out, scalar);
        }
    }

    @Override
    public void chacha20Xor(int count, AddressArray text, int length, AddressArray key) {
        BatchOperands.chacha20Xor(count, text, length, key);
        Lanes.chacha20Xor(level, count, text.segment(count), length, key.segment(count), text.memory(), key.memory());
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
            MemorySegment salt,
            MemorySegment personal) {
        BatchOperands.blake2b(count, out, outLength, in, inLength, key, keyLength, salt, personal);
        final int wide = together(count, crossover.blake2b());
        if (wide > 0) {
            Lanes.blake2b(
                    level,
                    wide,
                    out.segment(wide),
                    outLength,
                    in.segment(wide),
                    inLength,
                    key.segment(wide),
                    keyLength,
                    salt,
                    personal,
                    out.memory(),
                    in.memory(),
                    key.memory());
        }
        if (wide < count) {
            single.blake2b(wide, count, out, outLength, in, inLength, key, keyLength, salt, personal);
        }
    }

    @Override
    public void sha512(int count, AddressArray out, AddressArray in, int inLength) {
        BatchOperands.sha512(count, out, in, inLength);
        final int wide = together(count, crossover.sha512());
        if (wide > 0) {
            Lanes.sha512(wide, out.segment(wide), in.segment(wide), inLength, out.memory(), in.memory());
        }
        if (wide < count) {
            single.sha512(wide, count, out, in, inLength);
        }
    }

    @Override
    public void edwardsMap(int count, AddressArray out, AddressArray scalar, AddressArray uniform, StatusArray ok) {
        BatchOperands.edwardsMap(count, out, scalar, uniform, ok);
        if (level != LanesLevel.IFMA) {
            for (int i = 0; i < count; i++) {
                ok.set(i, false);
            }
            return;
        }
        // There is nothing to cross over to: libsodium alone takes longer for one point than a vector.
        Lanes.edwards25519Map(
                count,
                out.segment(count),
                scalar.segment(count),
                uniform.segment(count),
                ok.segment(count),
                out.memory(),
                scalar.memory(),
                uniform.memory());
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
        BatchOperands.aeadSeal(count, text, length, tag, ad, adLength, nonce, key);
        final int wide = together(count, crossover.aead(length));
        if (wide > 0) {
            Lanes.aeadSeal(
                    level,
                    wide,
                    text.segment(wide),
                    length,
                    tag.segment(wide),
                    ad.segment(wide),
                    adLength,
                    nonce.segment(wide),
                    key.segment(wide),
                    text.memory(),
                    tag.memory(),
                    ad.memory(),
                    nonce.memory(),
                    key.memory());
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
        BatchOperands.aeadOpen(count, text, length, tag, ad, adLength, nonce, key, ok);
        final int wide = together(count, crossover.aead(length));
        if (wide > 0) {
            Lanes.aeadOpen(
                    level,
                    wide,
                    text.segment(wide),
                    length,
                    tag.segment(wide),
                    ad.segment(wide),
                    adLength,
                    nonce.segment(wide),
                    key.segment(wide),
                    ok.segment(wide),
                    text.memory(),
                    tag.memory(),
                    ad.memory(),
                    nonce.memory(),
                    key.memory());
        }
        if (wide < count) {
            single.aeadOpen(wide, count, text, length, tag, ad, adLength, nonce, key, ok);
        }
    }

    @Override
    public int aeadTogether(int count, int length) {
        BatchOperands.count(count);
        BatchOperands.length("length", length, 0, MAX_LENGTH);
        return together(count, crossover.aead(length));
    }
}
