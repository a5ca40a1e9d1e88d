package io.millrace.cli.vectors;

import static io.millrace.memory.Layouts.LE_LONG;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.crypto.SecretKey;
import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.sphinx.CommandType;
import io.millrace.sphinx.PeelBatch;
import io.millrace.sphinx.PeelStatus;
import io.millrace.sphinx.RelayId;
import io.millrace.sphinx.RelayPublicKey;
import io.millrace.sphinx.RelaySphinxKey;
import io.millrace.sphinx.RoutingCommand;
import io.millrace.sphinx.SphinxGeometry;
import io.millrace.sphinx.SphinxHop;
import io.millrace.sphinx.SphinxPath;
import io.millrace.sphinx.SphinxPeeler;
import io.millrace.sphinx.SphinxProfile;
import io.millrace.sphinx.SphinxWrapper;
import io.millrace.sphinx.SurbId;
import io.millrace.sphinx.SurbReplier;
import io.millrace.sphinx.SurbVault;
import io.millrace.sphinx.WrapBatch;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** One packet or reply block: wrapped with the secrets of the case, then peeled hop by hop. */
final class SphinxCase implements AutoCloseable {
    // Two times eight lanes, and one left over.
    private static final int COPIES = 17;

    private final SphinxGeometry geometry;
    private final BatchCrypto provider;
    private final CaseFields fields;
    private final Arena arena;
    private final List<CaseFields> hops = new ArrayList<>();
    private final List<RelaySphinxKey> keys = new ArrayList<>();
    private final SphinxKeyTrace trace;
    private final long stride;
    private final MemorySegment packets;

    SphinxCase(SphinxProfile profile, BatchCrypto provider, CaseFields fields, JsonNode node) {
        this.geometry = SphinxGeometry.of(profile);
        this.provider = provider;
        this.fields = fields;
        this.arena = fields.arena();
        this.trace = new SphinxKeyTrace(profile);
        this.stride = geometry.packetLength() + 64L;
        this.packets = arena.allocate(COPIES * stride, 64);
        node.path("hops").forEach(hop -> hops.add(new CaseFields(hop, arena)));
    }

    void check(String type) {
        if (hops.isEmpty() || hops.size() > geometry.hops()) {
            throw new VectorMismatch("malformed: " + hops.size() + " hops of 1 to " + geometry.hops());
        }
        for (final CaseFields hop : hops) {
            final RelaySphinxKey key =
                    new RelaySphinxKey(SecretKey.copyOf(hop.bytes("privateKey")), geometry.profile());
            keys.add(key);
            Expectation.equal("publicKey", hop.bytes("publicKey"), key.publicKey());
            Expectation.equal("relayId", hop.bytes("relayId"), bytes(key.id()));
        }
        switch (type) {
            case "packet" -> checkPacket();
            case "surb" -> checkSurb();
            default -> throw new VectorMismatch("no rule for type=" + type);
        }
    }

    @Override
    public void close() {
        keys.forEach(RelaySphinxKey::close);
    }

    private void checkPacket() {
        final MemorySegment payload = fields.bytes("payload");
        for (final int count : new int[] {1, COPIES}) {
            final SphinxWrapper wrapper =
                    new SphinxWrapper(arena, provider, new ScriptedRandomness(script(count)), geometry, count);
            final WrapBatch wraps = new WrapBatch(geometry, packets, count);
            for (int i = 0; i < count; i++) {
                wraps.add(path(), payload, i * stride);
            }
            wrapper.wrap(wraps);
            for (int i = 0; i < count; i++) {
                equalPacket("wrapped packet " + i + " of " + count, hops.getFirst(), i);
            }
            final PeelBatch last = peel(count);
            for (int i = 0; i < count; i++) {
                Expectation.equal("payload", payload, packets.asSlice(last.payloadPosition(i), last.payloadLength(i)));
            }
        }
    }

    private void checkSurb() {
        final MemorySegment payload = fields.bytes("payload");
        final MemorySegment payloadKey = fields.bytes("payloadKey");
        final List<MemorySegment> script = new ArrayList<>(List.of(fields.bytes("surbId")));
        script.addAll(script(1));
        script.add(payloadKey);
        final SurbVault vault = new SurbVault(arena, provider, new ScriptedRandomness(script), geometry, 1);
        final MemorySegment expected = fields.bytes("surb");
        final MemorySegment surb = arena.allocate(expected.byteSize());
        final SurbId id = vault.create(path(hops.size()), surb, 0);
        Expectation.equal("surb", expected, surb);

        final SurbReplier replier = new SurbReplier(arena, provider, geometry);
        final RelayId first = replier.reply(surb, payload, packets, 0);
        Expectation.equal("first relay", hops.getFirst().bytes("relayId"), bytes(first));
        equalPacket("reply", hops.getFirst(), 0);
        final PeelBatch last = peel(1);
        final MemorySegment delta = packets.asSlice(last.payloadPosition(0), last.payloadLength(0));
        Expectation.equal("lastDelta", fields.bytes("lastDelta"), delta);
        Expectation.equal("surbId", fields.bytes("surbId"), bytes(new RelayId(last.idLow(0), last.idHigh(0))));
        final int length = vault.open(id, delta, 0);
        Expectation.verdict("creator", true, length >= 0);
        Expectation.equal("payload", payload, delta.asSlice(SphinxGeometry.PAYLOAD_OFFSET, length));
    }

    /** Peels {@code count} equal packets at every hop; returns the batch of the last one. */
    private PeelBatch peel(int count) {
        final SphinxPeeler peeler = new SphinxPeeler(arena, provider, geometry, count);
        final PeelBatch batch = new PeelBatch(arena, geometry, packets, count);
        for (int hop = 0; hop < hops.size(); hop++) {
            final CaseFields expected = hops.get(hop);
            batch.clear();
            for (int i = 0; i < count; i++) {
                batch.add(i * stride);
            }
            peeler.authenticate(keys.get(hop), batch);
            peeler.transform(batch);
            for (int i = 0; i < count; i++) {
                if (batch.status(i) != PeelStatus.OK) {
                    throw new VectorMismatch("hop " + hop + ": dropped as " + PeelStatus.name(batch.status(i)));
                }
                Expectation.equal("hop " + hop + ": command", expected.bytes("command"), command(batch, i));
                trace.check("hop " + hop, expected, batch, i);
                if (hop + 1 < hops.size()) {
                    equalPacket("hop " + hop + ": next packet", hops.get(hop + 1), i);
                }
            }
        }
        return batch;
    }

    /** The draws of the wrapper for {@code count} packets: the secrets of each, then the random end of each last block. */
    private List<MemorySegment> script(int count) {
        final List<MemorySegment> script = new ArrayList<>();
        final int secrets = geometry.profile() == SphinxProfile.MR1 ? 1 : hops.size();
        for (int i = 0; i < count; i++) {
            hops.subList(0, secrets).forEach(hop -> script.add(hop.bytes("ephemeral")));
        }
        final MemorySegment padding = fields.bytes("padding");
        final MemorySegment front = arena.allocate(RoutingCommand.LENGTH + padding.byteSize());
        front.asSlice(RoutingCommand.LENGTH).copyFrom(padding); // the command goes before it
        for (int i = 0; i < count; i++) {
            script.add(front);
        }
        return script;
    }

    private SphinxPath path() {
        final MemorySegment last = hops.getLast().bytes("command");
        return new SphinxPath(
                path(hops.size()),
                CommandType.ofCode(last.get(JAVA_BYTE, 0)),
                last.get(LE_LONG, 16),
                last.get(LE_LONG, 24));
    }

    private List<SphinxHop> path(int length) {
        final List<SphinxHop> path = new ArrayList<>();
        for (int hop = 0; hop < length; hop++) {
            final MemorySegment command = hops.get(hop).bytes("command");
            path.add(new SphinxHop(
                    RelayPublicKey.copyOf(keys.get(hop).publicKey(), geometry.profile()), command.get(LE_LONG, 8)));
        }
        return path;
    }

    private MemorySegment command(PeelBatch batch, int index) {
        final MemorySegment command = arena.allocate(RoutingCommand.LENGTH);
        command.set(LE_LONG, 0, batch.command(index).code());
        command.set(LE_LONG, 8, batch.delayNs(index));
        command.set(LE_LONG, 16, batch.idLow(index));
        command.set(LE_LONG, 24, batch.idHigh(index));
        return command;
    }

    private MemorySegment bytes(RelayId id) {
        final MemorySegment bytes = arena.allocate(RelayId.LENGTH);
        id.writeTo(bytes, 0);
        return bytes;
    }

    private void equalPacket(String what, CaseFields hop, int index) {
        Expectation.equal(what, hop.bytes("packet"), packets.asSlice(index * stride, geometry.packetLength()));
    }
}
