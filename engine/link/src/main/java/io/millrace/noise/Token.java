package io.millrace.noise;

/**
 * Part of a handshake message: a key to carry or to mix.
 *
 * <p>Source: Noise revision 34 sections 7.1 and 9.2.
 */
enum Token {
    E,
    S,
    EE,
    ES,
    SE,
    SS,
    PSK;

    /** Whether it stands for a Diffie-Hellman of two keys that were sent, or known, before. */
    boolean isAgreement() {
        return this == EE || this == ES || this == SE || this == SS;
    }
}
