package io.millrace.noise;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The handshake patterns: who sends which key when, and which keys are mixed. Messages alternate, the initiator's first.
 * In all of them the responder's static key is either known before, or sent.
 *
 * <p>Source: Noise revision 34 sections 7.5 (XX, IK, NK, XK), 9.4 (psk modifiers) and 18.1 (deferred patterns).
 */
public enum HandshakePattern {
    /** OutboundConnection anonymous, responder known before. */
    NK(true, "e es", "e ee"),

    /** Both send their static keys. */
    XX(false, "e", "e ee s es", "s se"),

    /** OutboundConnection sends its static key last, responder known before: what HTX uses. */
    XK(true, "e es", "e ee", "s se"),

    /** As XK, the responder authenticated one message later. */
    XK1(true, "e", "e ee es", "s se"),

    /** OutboundConnection sends its static key at once, responder known before. */
    IK(true, "e es s ss", "e ee se"),

    /** As XK, with a pre-shared key mixed into the third message. */
    XKpsk3(true, "e es", "e ee", "s se psk");

    private final boolean responderKnown;

    @SuppressWarnings("ImmutableEnumChecker") // both lists are unmodifiable
    private final List<List<Token>> messages;

    HandshakePattern(boolean responderKnown, String... messages) {
        this.responderKnown = responderKnown;
        this.messages = Arrays.stream(messages).map(HandshakePattern::tokens).toList();
    }

    /** Number of handshake messages. */
    public int messageCount() {
        return messages.size();
    }

    /** Whether the initiator knows the responder's static key before the handshake. */
    public boolean responderKnown() {
        return responderKnown;
    }

    /**
     * Whether that side has a static key.
     *
     * @param role side that is asked about.
     */
    public boolean hasStatic(Role role) {
        return sends(role, Token.S) || (role == Role.RESPONDER && responderKnown);
    }

    /** Whether a pre-shared key is mixed. */
    public boolean hasPsk() {
        return messages.stream().anyMatch(tokens -> tokens.contains(Token.PSK));
    }

    List<Token> message(int index) {
        return messages.get(index);
    }

    /**
     * The first key agreement behind a token of a message whose keys are all known to this side once that token is done, or
     * this side's own ephemeral key; null if another key comes before. Of a message that is read, the answer counts as behind
     * it: this side writes it.
     *
     * @param reads whether this side reads the message; it writes it otherwise.
     */
    Token following(int messageIndex, int tokenIndex, boolean reads) {
        final List<Token> tokens = message(messageIndex);
        for (Token token : tokens.subList(tokenIndex + 1, tokens.size())) {
            if (token == Token.E || (token == Token.S && reads)) {
                return null; // a key that is not there yet
            }
            if (token.isAgreement()) {
                return token;
            }
        }
        if (!reads || messageIndex + 1 == messages.size()) {
            return null;
        }
        for (Token token : message(messageIndex + 1)) {
            if (token == Token.E || token.isAgreement()) {
                return token;
            }
        }
        return null;
    }

    private boolean sends(Role role, Token token) {
        for (int i = role == Role.INITIATOR ? 0 : 1; i < messages.size(); i += 2) {
            if (messages.get(i).contains(token)) {
                return true;
            }
        }
        return false;
    }

    private static List<Token> tokens(String text) {
        return Arrays.stream(text.split(" "))
                .map(token -> Token.valueOf(token.toUpperCase(Locale.ROOT)))
                .toList();
    }
}
