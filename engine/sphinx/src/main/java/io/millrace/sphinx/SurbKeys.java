package io.millrace.sphinx;

import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.memory.AddressArray;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * From a SURB's payload key to the keys of its wide block: {@code BLAKE2b-512(key = payload key, salt = 0 and 1, no
 * input)} in a separate domain, of which the first {@link Lioness#KEY_LENGTH} bytes are used.
 *
 * <p>Not thread safe.
 */
final class SurbKeys {
    static final int LENGTH = 2 * HopKeys.BLOCK_LENGTH;

    private final BatchCrypto crypto;
    private final Domains domains;
    private final AddressArray out;
    private final AddressArray key;

    SurbKeys(Arena arena, BatchCrypto crypto, Domains domains) {
        this.crypto = crypto;
        this.domains = domains;
        this.out = new AddressArray(arena, 1);
        this.key = new AddressArray(arena, 1);
    }

    /** Writes {@link #LENGTH} bytes at {@code position}; the payload key is in another place of the same segment. */
    void expand(MemorySegment secrets, long payloadKeyPosition, long position) {
        key.set(0, secrets, payloadKeyPosition);
        for (int block = 0; block < LENGTH / HopKeys.BLOCK_LENGTH; block++) {
            out.set(0, secrets, position + (long) block * HopKeys.BLOCK_LENGTH);
            crypto.blake2b(
                    1,
                    out,
                    HopKeys.BLOCK_LENGTH,
                    key,
                    0,
                    key,
                    Surb.PAYLOAD_KEY_LENGTH,
                    domains.salt(block),
                    domains.surb);
        }
    }
}
