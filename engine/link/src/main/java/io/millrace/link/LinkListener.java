package io.millrace.link;

/** Receives the transitions of handshaked links. */
@FunctionalInterface
public interface LinkListener {
    /** Ignores all transitions. */
    LinkListener NONE = transition -> {};

    /**
     * Takes one transition. Called on the thread that looks after the links, in the order of the transitions; it must
     * neither wait nor throw.
     *
     * @param transition never null.
     */
    void onTransition(LinkTransition transition);

    /**
     * A listener that tells this one first and then {@code next}.
     *
     * @param next never null.
     */
    default LinkListener andThen(LinkListener next) {
        return transition -> {
            onTransition(transition);
            next.onTransition(transition);
        };
    }
}
