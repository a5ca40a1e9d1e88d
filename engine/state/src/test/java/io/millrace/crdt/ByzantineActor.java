package io.millrace.crdt;

import io.millrace.crdt.op.Actor;
import io.millrace.crdt.op.OperationCodec;
import io.millrace.crdt.op.OperationHeader;
import io.millrace.crdt.op.PayloadCodec;
import io.millrace.crdt.op.SignedOperation;
import io.millrace.crdt.type.Dot;
import io.millrace.crdt.type.OperationId;
import io.millrace.crdt.type.TwinId;
import io.millrace.crdt.type.TwinOperation;
import io.millrace.crdt.type.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BiConsumer;

/** An actor with a registered key who signs whatever may hurt: forks, gaps, far clocks, nonsense, other names. */
final class ByzantineActor implements AutoCloseable {
    private final Actor actor;
    private final Actor victim;
    private final TwinId twin;
    private final Random random;
    private final OperationCodec codec = new OperationCodec();
    private final PayloadCodec payloads = new PayloadCodec();
    private final List<SignedOperation> own = new ArrayList<>();

    ByzantineActor(Actor actor, Actor victim, TwinId twin, Random random) {
        this.actor = actor;
        this.victim = victim;
        this.twin = twin;
        this.random = random;
    }

    /** Does one bad thing: hands encodings with the number of the replica that is to get each to {@code send}. */
    void act(long time, List<OperationId> seen, int replicas, BiConsumer<Integer, byte[]> send) {
        final int target = random.nextInt(replicas);
        switch (random.nextInt(7)) {
            case 0 -> { // two different continuations, to two replicas
                final SignedOperation before = someOwn();
                send.accept(target, codec.encode(follow(before, time, seen, payload())));
                send.accept((target + 1) % replicas, codec.encode(follow(before, time + 1, List.of(), payload())));
            }
            case 1 -> { // withholds the predecessor of the next one
                final SignedOperation withheld = follow(someOwn(), time, seen, payload());
                final SignedOperation next = follow(withheld, time + 1, List.of(), payload());
                send.accept(target, codec.encode(next));
                if (random.nextBoolean()) {
                    send.accept((target + 1) % replicas, codec.encode(withheld));
                }
            }
            case 2 -> // wins for ever, if it is believed
                send.accept(target, codec.encode(signed(someOwn(), Long.MAX_VALUE, List.of(), payload(), actor)));
            case 3 -> { // in another's name
                final SignedOperation mine = signed(null, time, seen, payload(), victim);
                send.accept(
                        target,
                        codec.encode(actor.sign(mine.header(), mine.payload().orElseThrow())));
            }
            case 4 -> // signs rubbish
                send.accept(target, codec.encode(follow(someOwn(), time, seen, new byte[] {(byte) random.nextInt(), 1
                })));
            case 5 -> { // one operation, with one of its payloads
                final SignedOperation one = follow(someOwn(), time, seen, payload());
                send.accept(target, codec.encode(one.withoutPayload()));
                send.accept((target + 1) % replicas, codec.encode(one));
                send.accept((target + 2) % replicas, codec.encode(one.withPayload(payload())));
            }
            default -> { // goes back in time, and leaves a number out
                send.accept(target, codec.encode(signed(someOwn(), 1, List.of(), payload(), actor)));
                final SignedOperation before = someOwn();
                if (before != null) {
                    send.accept(target, codec.encode(leavingOut(before, time, payload())));
                }
                final byte[] noise = new byte[random.nextInt(300)];
                random.nextBytes(noise);
                send.accept(target, noise);
            }
        }
    }

    private SignedOperation someOwn() {
        return own.isEmpty() || random.nextInt(4) == 0 ? null : own.get(random.nextInt(own.size()));
    }

    private SignedOperation follow(SignedOperation before, long time, List<OperationId> seen, byte[] payload) {
        final SignedOperation operation = signed(before, time, seen, payload, actor);
        own.add(operation);
        return operation;
    }

    private SignedOperation leavingOut(SignedOperation before, long time, byte[] payload) {
        return actor.sign(
                new OperationHeader(
                        twin,
                        actor.id,
                        before.header().sequence() + 2,
                        time,
                        before.id(),
                        List.of(),
                        payload.length,
                        codec.hashOf(payload)),
                payload);
    }

    private SignedOperation signed(
            SignedOperation before, long time, List<OperationId> seen, byte[] payload, Actor name) {
        return actor.sign(
                new OperationHeader(
                        twin,
                        name.id,
                        before == null ? 0 : before.header().sequence() + 1,
                        time,
                        before == null ? null : before.id(),
                        seen.stream()
                                .filter(id -> before == null || !id.equals(before.id()))
                                .sorted()
                                .distinct()
                                .toList(),
                        payload.length,
                        codec.hashOf(payload)),
                payload);
    }

    private byte[] payload() {
        final Value value = Value.of("evil" + random.nextInt(100));
        final List<Dot> dots =
                own.isEmpty() ? List.of() : List.of(new Dot(own.getLast().id(), 0));
        return payloads.encode(List.of(
                switch (random.nextInt(5)) {
                    case 0 -> new TwinOperation.Set("k" + random.nextInt(3), value);
                    case 1 -> new TwinOperation.Add("s", "e" + random.nextInt(3));
                    case 2 -> new TwinOperation.Remove("s", "e" + random.nextInt(3), dots);
                    case 3 -> new TwinOperation.Count("c", random.nextInt(100), random.nextLong() >>> 1);
                    default -> new TwinOperation.Assign("r", value, dots);
                }));
    }

    @Override
    public void close() {
        codec.close();
    }
}
