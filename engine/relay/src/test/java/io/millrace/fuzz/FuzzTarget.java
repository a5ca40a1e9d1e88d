package io.millrace.fuzz;

import io.millrace.directory.DocumentProperty;
import io.millrace.htx.FrameProperty;
import io.millrace.htx.HandshakeProperty;
import io.millrace.htx.LinkFrameProperty;
import io.millrace.htx.LinkHandshakeProperty;
import io.millrace.htx.SessionProperty;
import io.millrace.htx.TicketProperty;
import io.millrace.noise.NoiseProperty;
import io.millrace.sphinx.SphinxCommandProperty;
import io.millrace.sphinx.SphinxPacketProperty;
import java.util.Locale;
import java.util.function.Consumer;

/** What is fuzzed: a property each that holds whatever bytes come from outside. {@code src/docs/fuzzing.md} lists them. */
public enum FuzzTarget {
    FRAME(FrameProperty::holds, 4_000),
    SESSION(SessionProperty::holds, 300),
    TICKET(TicketProperty::holds, 300),
    HANDSHAKE(HandshakeProperty::holds, 60),
    NOISE(NoiseProperty::holds, 60),
    SPHINX_PACKET(SphinxPacketProperty::holds, 200),
    SPHINX_COMMAND(SphinxCommandProperty::holds, 100),
    LINK_FRAME(LinkFrameProperty::holds, 1_000),
    LINK_HANDSHAKE(LinkHandshakeProperty::holds, 40),
    DOCUMENT(DocumentProperty::holds, 2_000);

    @SuppressWarnings("ImmutableEnumChecker") // a method without state
    private final Consumer<FuzzInput> property;

    private final int rounds;

    FuzzTarget(Consumer<FuzzInput> property, int rounds) {
        this.property = property;
        this.rounds = rounds;
    }

    /** Throws if the property does not hold for {@code bytes}. One thread at a time, always the same. */
    public void check(byte[] bytes) {
        property.accept(new FuzzInput(bytes));
    }

    /** How many drawn inputs the ordinary tests take: together some seconds. */
    public int rounds() {
        return rounds;
    }

    /** Its name on command lines and of its folder of kept inputs. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
