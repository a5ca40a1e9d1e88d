package io.millrace.contract;

import io.millrace.crypto.Aead;
import io.millrace.crypto.Blake2b;
import io.millrace.crypto.ChaCha20;
import io.millrace.crypto.ConstantTime;
import io.millrace.crypto.Ed25519;
import io.millrace.crypto.HmacSha256;
import io.millrace.crypto.Poly1305;
import io.millrace.crypto.SecretKey;
import io.millrace.crypto.SecureRandomness;
import io.millrace.crypto.Sha256;
import io.millrace.crypto.Sha512;
import io.millrace.crypto.ShortSha256;
import io.millrace.crypto.Wiping;
import io.millrace.crypto.X25519Keys;
import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.crypto.provider.CryptoProviders;
import io.millrace.crypto.provider.LanesKernels;
import io.millrace.memory.AddressArray;
import io.millrace.memory.StatusArray;
import io.millrace.natives.SodiumMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The child process of {@link CloseRaceTest}: one thread calls a primitive over a shared arena again and again, and another
 * closes the arena. Prints each race before it starts, so that the last line before a crash names it.
 *
 * <p>The memory is guarded, so that closing it unmaps it: a call that still reads it then ends the process.
 */
public final class CloseRace {
    private static final int ROUNDS = 4;
    private static final int LENGTH = 1 << 20;
    private static final int BATCH = 16;
    private static final int ELEMENT = BatchCrypto.MAX_LENGTH;

    private static final MemorySegment SMALL = Arena.global().allocate(64, 64);

    private final Map<String, Function<Arena, Runnable>> races = new LinkedHashMap<>();
    private long refusals;

    private CloseRace() {}

    /** Runs all races. */
    public static void main(String[] args) throws InterruptedException {
        final CloseRace run = new CloseRace();
        run.registerSingle();
        run.registerBatch("sodium");
        if (LanesKernels.available()) {
            run.registerBatch("lanes");
        }
        for (Map.Entry<String, Function<Arena, Runnable>> race : run.races.entrySet()) {
            System.out.println("RACE " + race.getKey());
            System.out.flush();
            for (int round = 0; round < ROUNDS; round++) {
                final Arena arena = Arena.ofShared();
                run.race(race.getKey(), race.getValue().apply(arena), arena);
            }
        }
        System.out.println("RACE SecretKey");
        System.out.flush();
        for (int round = 0; round < ROUNDS; round++) {
            final SecretKey key = SecretKey.blank(LENGTH);
            run.race("SecretKey", () -> ConstantTime.isZero(key.segment()), key);
        }
        System.out.println("DONE races=" + (run.races.size() + 1) + " refusals=" + run.refusals);
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }

    private void race(String name, Runnable call, AutoCloseable memory) throws InterruptedException {
        final AtomicReference<Throwable> end = new AtomicReference<>();
        final CountDownLatch begun = new CountDownLatch(1);
        final Thread user = Thread.ofPlatform().daemon().start(() -> {
            begun.countDown();
            try {
                while (true) {
                    call.run();
                    Thread.onSpinWait(); // so that the other thread finds the memory not in use, sometimes
                }
            } catch (Throwable t) {
                end.set(t);
            }
        });
        begun.await();
        while (!closed(memory)) {
            refusals++;
        }
        user.join();
        if (!(end.get() instanceof IllegalStateException)) {
            throw new AssertionError(name + ": the calls ended otherwise", end.get());
        }
    }

    private static boolean closed(AutoCloseable memory) {
        try {
            memory.close();
            return true;
        } catch (IllegalStateException inUse) {
            return false;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private void registerSingle() {
        final MemorySegment key = SMALL.asSlice(0, 32);
        final MemorySegment nonce = SMALL.asSlice(32, 12);
        final MemorySegment tag = SMALL.asSlice(48, 16);
        final MemorySegment out = Arena.global().allocate(64, 64);
        single("ChaCha20.xor", text -> ChaCha20.xor(text, 0, nonce, key));
        single("ChaCha20.stream", text -> ChaCha20.stream(text, nonce, key));
        single("Aead.seal", text -> Aead.seal(text, tag, MemorySegment.NULL, nonce, key));
        single("Aead.open", text -> Aead.open(text, tag, MemorySegment.NULL, nonce, key));
        single("Aead.seal of a range", text -> Aead.seal(text, 16, LENGTH - 32, text, 0, 16, nonce, key));
        single("Aead.open of a range", text -> Aead.open(text, 16, LENGTH - 32, text, 0, 16, nonce, key));
        single("Blake2b.hash", text -> Blake2b.hash(out, text, key));
        single("HmacSha256.tag", text -> HmacSha256.tag(out.asSlice(0, 32), key, text));
        single("Poly1305.tag", text -> Poly1305.tag(tag, text, key));
        single("Sha256.hash", text -> Sha256.hash(out.asSlice(0, 32), text));
        single("Sha512.hash", text -> Sha512.hash(out, text));
        single("Ed25519.verify", text -> Ed25519.verify(out, text, key));
        single("ConstantTime.isZero", ConstantTime::isZero);
        single("ConstantTime.equal", text -> ConstantTime.equal(text, text));
        single("Wiping.wipe", Wiping::wipe);
        single("SecureRandomness.fill", new SecureRandomness()::fill);
        single("X25519Keys.publicKey", text -> X25519Keys.publicKey(out.asSlice(0, 32), text.asSlice(0, 32)));
        final ShortSha256 sha = ShortSha256.fastest(Arena.global());
        final MemorySegment hashes = Arena.global().allocate(LENGTH);
        single("ShortSha256.hash", text -> sha.hash(LENGTH / 32, 0, hashes, 0, text, 0, 32, 32));
    }

    private void registerBatch(String name) {
        final BatchCrypto crypto = CryptoProviders.byName(name);
        final MemorySegment salt = SMALL.asSlice(0, 16);
        final AddressArray small = operand(Arena.global(), Arena.global().allocate(64));
        final AddressArray out = operand(Arena.global(), Arena.global().allocate(64));
        final StatusArray ok = new StatusArray(Arena.global(), BATCH);
        batch(name + " chacha20Xor", text -> crypto.chacha20Xor(BATCH, text, ELEMENT, small));
        batch(name + " blake2b", text -> crypto.blake2b(BATCH, out, 64, text, ELEMENT, small, 32, salt, salt));
        batch(name + " sha512", text -> crypto.sha512(BATCH, out, text, ELEMENT));
        batch(name + " aeadSeal", text -> crypto.aeadSeal(BATCH, text, ELEMENT, small, text, 16, small, small));
        batch(name + " aeadOpen", text -> crypto.aeadOpen(BATCH, text, ELEMENT, small, text, 16, small, small, ok));
        batch(name + " x25519", text -> crypto.x25519(BATCH, out, text, small, ok));
        batch(name + " x25519Base", text -> crypto.x25519Base(BATCH, out, text));
    }

    private void single(String name, Consumer<MemorySegment> call) {
        races.put(name, arena -> {
            final MemorySegment text = memory(arena, LENGTH);
            return () -> call.accept(text);
        });
    }

    /** A race over the memory of the elements, and one over that of the array. */
    private void batch(String name, Consumer<AddressArray> call) {
        races.put(name + " elements", arena -> {
            final AddressArray text =
                    new AddressArray(Arena.global(), BATCH).fill(BATCH, memory(arena, BATCH * ELEMENT), 0, ELEMENT);
            return () -> call.accept(text);
        });
        races.put(name + " array", arena -> {
            final AddressArray text =
                    new AddressArray(arena, BATCH).fill(BATCH, Arena.global().allocate(ELEMENT), 0, 0);
            return () -> call.accept(text);
        });
    }

    private static AddressArray operand(Arena arena, MemorySegment memory) {
        return new AddressArray(arena, BATCH).fill(BATCH, memory, 0, 0);
    }

    private static MemorySegment memory(Arena arena, long length) {
        return SodiumMemory.allocate(arena, length).fill((byte) 1);
    }
}
