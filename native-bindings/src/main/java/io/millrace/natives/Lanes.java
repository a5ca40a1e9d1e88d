package io.millrace.natives;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * {@code lanes.h}: the batch kernels, one method per C function.
 *
 * <p>An operand is an array of {@code count} addresses, element {@code i} of each for input {@code i}; {@code ok} has
 * {@code count} bytes. {@code count} is 1 to {@link #MAX_BATCH}. An output may be the same address as an input of the same
 * element. To be touched only where {@link LanesLibrary#level} is present. A function with a level uses the kernel of that
 * level, at most {@link LanesLibrary#level}; {@link #sha512} and {@link #edwards25519Map} need {@link LanesLevel#IFMA}.
 *
 * <p>Each operand comes with the memory that its elements lie in, which is held open during the call as {@link
 * SodiumElement} describes; {@link MemorySegment#NULL} if that is never freed. The caller has checked the elements' bounds.
 */
public final class Lanes {
    /** Largest {@code count}. */
    public static final int MAX_BATCH = 256;

    // int lanes_x25519(int32_t level, int32_t count, out, scalar, point, uint8_t ok[])
    private static final MethodHandle X25519 = LanesLibrary.function(
            "lanes_x25519",
            FunctionDescriptor.of(
                    JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS));

    // int lanes_x25519_base(int32_t level, int32_t count, out, scalar)
    private static final MethodHandle X25519_BASE = LanesLibrary.function(
            "lanes_x25519_base",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS));

    // int lanes_chacha20_xor(int32_t level, int32_t count, text, int32_t length, key)
    private static final MethodHandle CHACHA20_XOR = LanesLibrary.function(
            "lanes_chacha20_xor",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, ADDRESS, ADDRESS));

    // int lanes_blake2b(int32_t level, int32_t count, out, int32_t out_length, in, int32_t in_length, key,
    //                   int32_t key_length, const uint8_t *salt, const uint8_t *personal)
    private static final MethodHandle BLAKE2B = LanesLibrary.function(
            "lanes_blake2b",
            FunctionDescriptor.of(
                    JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS,
                    ADDRESS, ADDRESS, ADDRESS, ADDRESS));

    // int lanes_sha512(int32_t count, out, in, int32_t in_length)
    private static final MethodHandle SHA512 = LanesLibrary.function(
            "lanes_sha512", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, JAVA_INT, ADDRESS, ADDRESS));

    // int lanes_edwards25519_map(int32_t count, out, scalar, uniform, uint8_t ok[])
    private static final MethodHandle EDWARDS25519_MAP = LanesLibrary.function(
            "lanes_edwards25519_map",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS));

    // int lanes_aead_seal(int32_t level, int32_t count, text, int32_t length, tag, ad, int32_t ad_length, nonce, key)
    private static final MethodHandle AEAD_SEAL = LanesLibrary.function(
            "lanes_aead_seal",
            FunctionDescriptor.of(
                    JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, ADDRESS, JAVA_INT, ADDRESS, ADDRESS,
                    ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS));

    // int lanes_aead_open(int32_t level, int32_t count, text, int32_t length, tag, ad, int32_t ad_length, nonce, key,
    //                     uint8_t ok[])
    private static final MethodHandle AEAD_OPEN = LanesLibrary.function(
            "lanes_aead_open",
            FunctionDescriptor.of(
                    JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, ADDRESS, JAVA_INT, ADDRESS, ADDRESS,
                    ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS));

    private Lanes() {}

    /**
     * X25519: {@code out = scalar * point}; {@code ok} receives 0 where the result is all zero, else 1.
     */
    public static void x25519(
            LanesLevel level,
            int count,
            MemorySegment out,
            MemorySegment scalar,
            MemorySegment point,
            MemorySegment ok,
            MemorySegment outMemory,
            MemorySegment scalarMemory,
            MemorySegment pointMemory) {
        Raw.count(count, MAX_BATCH);
        Raw.array("out", out, count);
        Raw.array("scalar", scalar, count);
        Raw.array("point", point, count);
        Raw.out("ok", ok, count);
        try {
            accept((int) X25519.invokeExact(
                    level.code(), count, out, scalar, point, ok, outMemory, scalarMemory, pointMemory));
        } catch (Throwable t) {
            throw SodiumLibrary.unexpected(t);
        }
    }

    /** X25519 with the base point: {@code out = scalar * 9}. */
    public static void x25519Base(
            LanesLevel level,
            int count,
            MemorySegment out,
            MemorySegment scalar,
            MemorySegment outMemory,
            MemorySegment scalarMemory) {
        Raw.count(count, MAX_BATCH);
        Raw.array("out", out, count);
        Raw.array("scalar", scalar, count);
        try {
            accept((int) X25519_BASE.invokeExact(level.code(), count, out, scalar, outMemory, scalarMemory));
        } catch (Throwable t) {
            throw SodiumLibrary.unexpected(t);
        }
    }

    /** Xors {@code length} bytes of each text with the ChaCha20 stream of its key, nonce zero, counter from 0. */
    public static void chacha20Xor(
            LanesLevel level,
            int count,
            MemorySegment text,
            int length,
            MemorySegment key,
            MemorySegment textMemory,
            MemorySegment keyMemory) {
        Raw.count(count, MAX_BATCH);
        Raw.array("text", text, count);
        Raw.length("length", length);
        Raw.array("key", key, count);
        try {
            accept((int) CHACHA20_XOR.invokeExact(level.code(), count, text, length, key, textMemory, keyMemory));
        } catch (Throwable t) {
            throw SodiumLibrary.unexpected(t);
        }
    }

    /** BLAKE2b with keys of {@code keyLength} bytes (0 to 64) and a shared salt and personalisation of 16 bytes. */
    public static void blake2b(
            LanesLevel level,
            int count,
            MemorySegment out,
            int outLength,
            MemorySegment in,
            int inLength,
            MemorySegment key,
            int keyLength,
            MemorySegment salt,
            MemorySegment personal,
            MemorySegment outMemory,
            MemorySegment inMemory,
            MemorySegment keyMemory) {
        Raw.count(count, MAX_BATCH);
        Raw.array("out", out, count);
        Raw.length("outLength", outLength);
        Raw.array("in", in, count);
        Raw.length("inLength", inLength);
        Raw.array("key", key, count);
        Raw.length("keyLength", keyLength);
        Raw.in("salt", salt, 16);
        Raw.in("personal", personal, 16);
        try {
            accept((int) BLAKE2B.invokeExact(
                    level.code(),
                    count,
                    out,
                    outLength,
                    in,
                    inLength,
                    key,
                    keyLength,
                    salt,
                    personal,
                    outMemory,
                    inMemory,
                    keyMemory));
        } catch (Throwable t) {
            throw SodiumLibrary.unexpected(t);
        }
    }

    /** SHA-512 of {@code inLength} bytes each. */
    public static void sha512(
            int count,
            MemorySegment out,
            MemorySegment in,
            int inLength,
            MemorySegment outMemory,
            MemorySegment inMemory) {
        Raw.count(count, MAX_BATCH);
        Raw.array("out", out, count);
        Raw.array("in", in, count);
        Raw.length("inLength", inLength);
        try {
            accept((int) SHA512.invokeExact(count, out, in, inLength, outMemory, inMemory));
        } catch (Throwable t) {
            throw SodiumLibrary.unexpected(t);
        }
    }

    /**
     * Elligator 2 of 48 uniform bytes, cofactor cleared, times a scalar, encoded; {@code ok} receives 0 where the result
     * is the identity or could not be told from it.
     */
    public static void edwards25519Map(
            int count,
            MemorySegment out,
            MemorySegment scalar,
            MemorySegment uniform,
            MemorySegment ok,
            MemorySegment outMemory,
            MemorySegment scalarMemory,
            MemorySegment uniformMemory) {
        Raw.count(count, MAX_BATCH);
        Raw.array("out", out, count);
        Raw.array("scalar", scalar, count);
        Raw.array("uniform", uniform, count);
        Raw.out("ok", ok, count);
        try {
            accept((int) EDWARDS25519_MAP.invokeExact(
                    count, out, scalar, uniform, ok, outMemory, scalarMemory, uniformMemory));
        } catch (Throwable t) {
            throw SodiumLibrary.unexpected(t);
        }
    }

    /** ChaCha20-Poly1305 in place: encrypts each text and writes its tag. */
    public static void aeadSeal(
            LanesLevel level,
            int count,
            MemorySegment text,
            int length,
            MemorySegment tag,
            MemorySegment ad,
            int adLength,
            MemorySegment nonce,
            MemorySegment key,
            MemorySegment textMemory,
            MemorySegment tagMemory,
            MemorySegment adMemory,
            MemorySegment nonceMemory,
            MemorySegment keyMemory) {
        Raw.count(count, MAX_BATCH);
        Raw.array("text", text, count);
        Raw.length("length", length);
        Raw.array("tag", tag, count);
        Raw.array("ad", ad, count);
        Raw.length("adLength", adLength);
        Raw.array("nonce", nonce, count);
        Raw.array("key", key, count);
        try {
            accept((int) AEAD_SEAL.invokeExact(
                    level.code(),
                    count,
                    text,
                    length,
                    tag,
                    ad,
                    adLength,
                    nonce,
                    key,
                    textMemory,
                    tagMemory,
                    adMemory,
                    nonceMemory,
                    keyMemory));
        } catch (Throwable t) {
            throw SodiumLibrary.unexpected(t);
        }
    }

    /** Verifies each tag and decrypts in place where it is right; elsewhere {@code ok} is 0, the text unchanged. */
    public static void aeadOpen(
            LanesLevel level,
            int count,
            MemorySegment text,
            int length,
            MemorySegment tag,
            MemorySegment ad,
            int adLength,
            MemorySegment nonce,
            MemorySegment key,
            MemorySegment ok,
            MemorySegment textMemory,
            MemorySegment tagMemory,
            MemorySegment adMemory,
            MemorySegment nonceMemory,
            MemorySegment keyMemory) {
        Raw.count(count, MAX_BATCH);
        Raw.array("text", text, count);
        Raw.length("length", length);
        Raw.array("tag", tag, count);
        Raw.array("ad", ad, count);
        Raw.length("adLength", adLength);
        Raw.array("nonce", nonce, count);
        Raw.array("key", key, count);
        Raw.out("ok", ok, count);
        try {
            accept((int) AEAD_OPEN.invokeExact(
                    level.code(),
                    count,
                    text,
                    length,
                    tag,
                    ad,
                    adLength,
                    nonce,
                    key,
                    ok,
                    textMemory,
                    tagMemory,
                    adMemory,
                    nonceMemory,
                    keyMemory));
        } catch (Throwable t) {
            throw SodiumLibrary.unexpected(t);
        }
    }

    private static void accept(int result) {
        if (result != 0) {
            throw new AssertionError("the kernel does not run at this level: result=" + result);
        }
    }
}
