package io.millrace.rig.crypto;

import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.memory.AddressArray;
import io.millrace.memory.StatusArray;
import java.lang.foreign.Arena;

/**
 * Performs every scalar multiplication twice: they cannot be disabled, and the difference
 * is their cost.
 */
public final class RepeatedCrypto extends DelegatingCrypto {
    private final ThreadLocal<Scratch> scratch = ThreadLocal.withInitial(Scratch::new);

    /** Makes {@code provider}, which stays the caller's, multiply twice. */
    public RepeatedCrypto(BatchCrypto provider) {
        super(provider);
    }

    /** Memory for the unused results; of one thread. */
    private static final class Scratch {
        private final Arena arena = Arena.ofAuto();
        private final AddressArray out = new AddressArray(arena, MAX_BATCH)
                .fill(MAX_BATCH, arena.allocate((long) MAX_BATCH * KEY_LENGTH, 64), 0, KEY_LENGTH);
        private final StatusArray ok = new StatusArray(arena, MAX_BATCH);
    }

    @Override
    public void x25519(int count, AddressArray out, AddressArray scalar, AddressArray point, StatusArray ok) {
        final Scratch unwanted = scratch.get();
        // First, since the result may take the place of the point.
        super.x25519(count, unwanted.out, scalar, point, unwanted.ok);
        super.x25519(count, out, scalar, point, ok);
    }
}
