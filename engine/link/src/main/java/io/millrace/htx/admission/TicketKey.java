package io.millrace.htx.admission;

import static io.millrace.memory.Layouts.BE_LONG;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.crypto.Hkdf;
import io.millrace.crypto.SecretKey;
import io.millrace.crypto.Sha256;
import io.millrace.crypto.Wiping;
import io.millrace.crypto.X25519KeyPair;
import io.millrace.crypto.X25519Keys;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/**
 * A secret that initiators and responder share, of which the tickets of every hour are made. Checking a ticket takes a
 * MAC and no Diffie-Hellman; that is why the X25519 of a ticket is done here, once, and not per message.
 *
 * <p>May be used by several threads; the owner closes it after the last use.
 */
public final class TicketKey implements AutoCloseable {
    /** Length of the key id that a ticket shows in bytes. It changes every hour, so that it does not tell who comes. */
    static final int ID_LENGTH = 8;

    /** Length of what {@link #derive} writes in bytes: the MAC key of the hour, then its id. */
    static final int HOUR_LENGTH = SecretKey.LENGTH + ID_LENGTH;

    private static final byte[] HOUR_SALT = ascii("millrace htx1 ticket hour");
    private static final byte[] HOUR_INFO = ascii("millrace htx1 ticket mac and id");
    private static final byte[] PAIR_SALT = ascii("millrace htx1 ticket pair");
    private static final byte[] OPEN_SALT = ascii("millrace htx1 ticket open");

    private final SecretKey secret;

    private TicketKey(SecretKey secret) {
        this.secret = secret;
    }

    /**
     * The key that everybody has to whom the operator gave {@code secret}, 32 bytes, which stays the caller's.
     *
     * @param secret 32 bytes; stays the caller's.
     */
    public static TicketKey shared(SecretKey secret) {
        if (secret.length() != SecretKey.LENGTH) {
            throw new IllegalArgumentException("a ticket secret is 32 bytes: length=" + secret.length());
        }
        return new TicketKey(SecretKey.copyOf(secret.segment()));
    }

    /**
     * The key of two ends that know each other's static keys; both derive the same.
     *
     * @param own static keys of this end; stay the caller's.
     * @param peer public key, 32 bytes.
     * @throws IllegalArgumentException if {@code peer} is of low order.
     */
    public static TicketKey pairwise(X25519KeyPair own, MemorySegment peer) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment dh = arena.allocate(X25519Keys.LENGTH);
            final MemorySegment nativePeer = arena.allocate(X25519Keys.LENGTH).copyFrom(peer);
            try {
                if (!X25519Keys.sharedSecret(dh, own.secretKey(), nativePeer)) {
                    throw new IllegalArgumentException("the peer's public key is of low order");
                }
                return derived(PAIR_SALT, dh);
            } finally {
                Wiping.wipe(dh);
            }
        }
    }

    /**
     * The key of everybody who knows the responder's public key: it keeps out who only knows the address, and replayed
     * first messages.
     *
     * @param responder public key, 32 bytes.
     */
    public static TicketKey open(MemorySegment responder) {
        try (Arena arena = Arena.ofConfined()) {
            return derived(OPEN_SALT, arena.allocate(X25519Keys.LENGTH).copyFrom(responder));
        }
    }

    private static TicketKey derived(byte[] salt, MemorySegment material) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment nativeSalt = arena.allocateFrom(JAVA_BYTE, salt);
            final SecretKey secret = SecretKey.blank(SecretKey.LENGTH);
            boolean complete = false;
            try {
                Hkdf.extract(secret.segment(), nativeSalt, material);
                complete = true;
                return new TicketKey(secret);
            } finally {
                if (!complete) {
                    secret.close();
                }
            }
        }
    }

    /** Writes the MAC key of an hour and the id under which tickets show it: {@link #HOUR_LENGTH} bytes. */
    void derive(MemorySegment out, long hour) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment hourBytes = arena.allocate(Long.BYTES);
            hourBytes.set(BE_LONG, 0, hour);
            final MemorySegment salt = arena.allocate(Sha256.LENGTH);
            Sha256.hash(salt, arena.allocateFrom(JAVA_BYTE, HOUR_SALT), hourBytes);
            Hkdf.derive(out, salt, secret.segment(), arena.allocateFrom(JAVA_BYTE, HOUR_INFO));
        }
    }

    /** Wipes the secret. */
    @Override
    public void close() {
        secret.close();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
