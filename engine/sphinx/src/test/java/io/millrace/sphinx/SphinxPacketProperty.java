package io.millrace.sphinx;

import static io.millrace.fuzz.FuzzInput.require;

import io.millrace.fuzz.FuzzInput;
import java.util.Arrays;

/** Packets of any bytes, and genuine ones with some changed: a header holds only unchanged, a payload at the exit too. */
public final class SphinxPacketProperty {
    private static final int HEADER = 1_024;

    private final SphinxNetwork network;
    private final byte[] forwarded;
    private final byte[] delivered;

    SphinxPacketProperty(SphinxProfile profile) {
        network = new SphinxNetwork(20260111, profile);
        forwarded = genuine(2);
        delivered = genuine(1);
    }

    /** The first decision says which kind of packet; one peels a whole batch of such. */
    public void holds(FuzzInput input) {
        network.batch.clear();
        final byte[][] sent = new byte[8][];
        final boolean[] exit = new boolean[sent.length];
        for (int slot = 0; slot < sent.length; slot++) {
            final int kind = input.next();
            exit[slot] = (kind & 1) == 0;
            final byte[] genuine = exit[slot] ? delivered : forwarded;
            sent[slot] = (kind & 6) == 0
                    ? Arrays.copyOf(input.bytes(input.next(HEADER)), PlainSphinx.PACKET)
                    : Arrays.copyOf(input.damage(genuine), PlainSphinx.PACKET);
            network.put(sent[slot], slot);
            network.batch.add(network.slot(slot));
        }
        network.peeler.authenticate(network.relays.getFirst(), network.batch);
        for (int slot = 0; slot < sent.length; slot++) {
            require(Arrays.equals(network.packet(slot), sent[slot]), "the first phase changes no packet");
        }
        network.peeler.transform(network.batch);
        for (int slot = 0; slot < sent.length; slot++) {
            final byte[] genuine = exit[slot] ? delivered : forwarded;
            final int status = network.batch.status(slot);
            if (!Arrays.equals(sent[slot], 0, HEADER, genuine, 0, HEADER)) {
                require(
                        status == PeelStatus.BAD_MAC || status == PeelStatus.BAD_GROUP_ELEMENT,
                        "a changed header: " + PeelStatus.name(status));
            } else if (exit[slot] && !Arrays.equals(sent[slot], genuine)) {
                require(status == PeelStatus.BAD_PAYLOAD, "a changed payload: " + PeelStatus.name(status));
            } else {
                require(status == PeelStatus.OK, "a genuine packet: " + PeelStatus.name(status));
            }
        }
    }

    private byte[] genuine(int hops) {
        network.wrap(network.path(hops), network.random.bytes(100), 0);
        return network.packet(0);
    }
}
