package io.millrace.sphinx;

import static io.millrace.fuzz.FuzzInput.require;

import io.millrace.fuzz.FuzzInput;
import java.util.Arrays;

/** Packets of any bytes, and genuine ones with some changed: a header holds only unchanged, a payload at the exit too. */
public final class SphinxPacketProperty {
    private static final int HEADER = 1_024;
    private static final SphinxNetwork NETWORK = new SphinxNetwork(20260111);
    private static final byte[] FORWARDED = genuine(2);
    private static final byte[] DELIVERED = genuine(1);

    private SphinxPacketProperty() {}

    /** The first decision says which kind of packet; one peels a whole batch of such. */
    public static void holds(FuzzInput input) {
        NETWORK.batch.clear();
        final byte[][] sent = new byte[8][];
        final boolean[] exit = new boolean[sent.length];
        for (int slot = 0; slot < sent.length; slot++) {
            final int kind = input.next();
            exit[slot] = (kind & 1) == 0;
            final byte[] genuine = exit[slot] ? DELIVERED : FORWARDED;
            sent[slot] = (kind & 6) == 0
                    ? Arrays.copyOf(input.bytes(input.next(HEADER)), PlainSphinx.PACKET)
                    : Arrays.copyOf(input.damage(genuine), PlainSphinx.PACKET);
            NETWORK.put(sent[slot], slot);
            NETWORK.batch.add(NETWORK.slot(slot));
        }
        NETWORK.peeler.authenticate(NETWORK.relays.getFirst(), NETWORK.batch);
        for (int slot = 0; slot < sent.length; slot++) {
            require(Arrays.equals(NETWORK.packet(slot), sent[slot]), "the first phase changes no packet");
        }
        NETWORK.peeler.transform(NETWORK.batch);
        for (int slot = 0; slot < sent.length; slot++) {
            final byte[] genuine = exit[slot] ? DELIVERED : FORWARDED;
            final int status = NETWORK.batch.status(slot);
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

    private static byte[] genuine(int hops) {
        NETWORK.wrap(NETWORK.path(hops), NETWORK.random.bytes(100), 0);
        return NETWORK.packet(0);
    }
}
