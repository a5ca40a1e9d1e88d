package io.millrace.htx.handshake;

import java.util.Locale;
import java.util.Optional;

/**
 * Whether an end makes its handshakes hybrid: X25519 and an ephemeral ML-KEM-768 exchange, so that recorded traffic stays
 * closed to an observer who breaks one of the two later.
 *
 * <p>The initiator says which suite it uses in its first message, and the prologue binds that: changed on the way, the
 * handshake is refused. No end falls back to X25519 alone.
 */
public enum HybridMode {
    /** Begins with X25519 alone, and answers nothing else. */
    OFF,
    /** Begins hybrid handshakes, and answers both: an initiator that knows ML-KEM never begins without it. */
    OFFERED,
    /** Begins hybrid handshakes, and answers nothing else. */
    REQUIRED;

    /** Name in files and reports, such as {@code offered}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The mode of that {@linkplain #label() label}; empty if there is none.
     *
     * @param label as written in a file.
     */
    public static Optional<HybridMode> of(String label) {
        for (HybridMode mode : values()) {
            if (mode.label().equals(label)) {
                return Optional.of(mode);
            }
        }
        return Optional.empty();
    }

    /** Whether this end's own handshakes are hybrid. */
    public boolean beginsHybrid() {
        return this != OFF;
    }

    /**
     * Whether this end answers a handshake.
     *
     * @param hybrid whether the initiator begins a hybrid one.
     */
    public boolean answers(boolean hybrid) {
        return hybrid ? this != OFF : this != REQUIRED;
    }
}
