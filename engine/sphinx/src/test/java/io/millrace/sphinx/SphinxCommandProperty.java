package io.millrace.sphinx;

import static io.millrace.fuzz.FuzzInput.require;

import io.millrace.fuzz.FuzzInput;
import java.util.Arrays;

/** A sender writes any command and any padding under keys that hold; only commands whose every bit has a meaning are obeyed. */
public final class SphinxCommandProperty {
    private static final int COMMAND = 32;
    private static final int PADDING = 944;

    private final SphinxNetwork network;

    SphinxCommandProperty(SphinxProfile profile) {
        network = new SphinxNetwork(20260110, profile);
    }

    /** The first 32 bytes are the command, then payload and padding. */
    public void holds(FuzzInput input) {
        final byte[] command = Arrays.copyOf(input.bytes(COMMAND), COMMAND);
        final byte[] payload = input.bytes(input.next());
        final byte[] padding = Arrays.copyOf(input.rest(), PADDING);
        final byte[] publicKey = network.relays.getFirst().publicKeyBytes();
        // The base point, whose shared secret is the relay's public key.
        final PlainSphinx.Header header = network.plain.header(
                publicKey, PlainSphinx.basePoint(), new PlainSphinx.Hop(publicKey, command), padding);
        network.put(network.plain.wrap(header, payload), 0);

        final int status = network.peel(0, 0);

        require(status == (isMeaningful(command) ? PeelStatus.OK : PeelStatus.BAD_COMMAND), PeelStatus.name(status));
        if (status == PeelStatus.OK && network.batch.command(0) != CommandType.FORWARD) {
            require(network.batch.delayNs(0) >= 0, "a delay is not negative");
        }
    }

    private static boolean isMeaningful(byte[] command) {
        boolean reserved = false;
        for (int i = 1; i < 8; i++) {
            reserved |= command[i] != 0;
        }
        return CommandType.ofCode(command[0] & 0xff) != null && !reserved && command[15] >= 0;
    }
}
