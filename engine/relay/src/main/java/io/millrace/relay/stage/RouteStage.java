package io.millrace.relay.stage;

import io.millrace.memory.Slab;
import io.millrace.relay.live.EnginePeers;
import io.millrace.relay.live.RoutingTable;
import io.millrace.relay.packet.Verdict;
import io.millrace.sphinx.CommandType;

/**
 * The route stage: finds the next hop of peeled packets, and drops cover that ends here.
 *
 * <p>Reads: {@code command}, {@code nextId}. Writes: {@code egressPeer}, {@code egressEpoch}. Belongs to the thread that owns
 * the wheel.
 */
public final class RouteStage {
    private final Slab slab;
    private final SlotFields fields;
    private final EnginePeers neighbours;
    private final PacketCompletion ends;
    private final Callbacks callbacks;

    public RouteStage(StageContext context, EnginePeers neighbours) {
        this.slab = context.slab();
        this.fields = context.fields();
        this.neighbours = neighbours;
        this.ends = context.ends();
        this.callbacks = context.callbacks();
    }

    /** Routes the whole batch; afterwards it holds the packets that go on. */
    public void process(PacketBatch batch) {
        final RoutingTable routes = neighbours.routes();
        for (int i = 0; i < batch.count; i++) {
            batch.verdicts[i] = route(slab.position(batch.slots[i]), routes);
        }
        batch.dropRefused(ends);
    }

    private Verdict route(long at, RoutingTable routes) {
        final int command = fields.command(at);
        if (command == CommandType.LOOP_COVER.code()) {
            callbacks.loop(fields.nextLow(at), fields.nextHigh(at));
        }
        if (command == CommandType.DROP_COVER.code() || command == CommandType.LOOP_COVER.code()) {
            return Verdict.COVER;
        }
        if (command == CommandType.FORWARD.code()) {
            final int route = routes.find(fields.nextLow(at), fields.nextHigh(at));
            if (route == RoutingTable.UNKNOWN) {
                return Verdict.UNKNOWN_NEXT_HOP;
            }
            fields.egressPeer(at, RoutingTable.peer(route));
            fields.egressEpoch(at, RoutingTable.epoch(route));
        } else {
            fields.egressPeer(at, EnginePeers.LOCAL);
        }
        return Verdict.PENDING;
    }
}
