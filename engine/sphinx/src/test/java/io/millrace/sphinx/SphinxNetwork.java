package io.millrace.sphinx;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.crypto.SecretKey;
import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.crypto.provider.CryptoProviders;
import io.millrace.test.SeededRandomness;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Relays with keys, slots for packets, and one peeler and one wrapper over them. */
final class SphinxNetwork implements AfterEachCallback {
    static final int LIMIT = 64;

    final SphinxGeometry geometry;
    final SphinxProfile profile;
    final PlainSphinx plain;
    final SeededRandomness random;
    final Arena arena = Arena.ofConfined();
    final BatchCrypto crypto;
    final List<RelaySphinxKey> relays = new ArrayList<>();
    final MemorySegment packets;
    final PeelBatch batch;
    final SphinxPeeler peeler;
    final SphinxWrapper wrapper;

    private final int stride;

    SphinxNetwork(long seed, SphinxProfile profile) {
        this(seed, SphinxGeometry.of(profile));
    }

    SphinxNetwork(long seed, SphinxGeometry geometry) {
        this(seed, geometry, CryptoProviders.byName("sodium"));
    }

    SphinxNetwork(long seed, SphinxGeometry geometry, BatchCrypto crypto) {
        System.out.println("seed=" + seed + ", " + geometry);
        this.geometry = geometry;
        this.profile = geometry.profile();
        this.plain = PlainSphinx.of(profile);
        this.crypto = crypto;
        this.random = new SeededRandomness(seed);
        this.stride = geometry.packetLength() + 128;
        this.packets = arena.allocate((long) LIMIT * stride, 64);
        this.batch = new PeelBatch(arena, geometry, packets, LIMIT);
        this.peeler = new SphinxPeeler(arena, crypto, geometry, LIMIT);
        this.wrapper = new SphinxWrapper(arena, crypto, random, geometry, LIMIT);
        for (int i = 0; i < geometry.hops(); i++) {
            relays.add(new RelaySphinxKey(SecretKey.generate(random), profile));
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        relays.forEach(RelaySphinxKey::close);
        arena.close();
    }

    /** Where slot {@code index} begins. */
    long slot(int index) {
        return (long) index * stride;
    }

    /** The first {@code length} relays. Hop i is asked to wait i + 1 microseconds. */
    List<SphinxHop> hops(int length) {
        final List<SphinxHop> hops = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            hops.add(new SphinxHop(RelayPublicKey.copyOf(relays.get(i).publicKey(), profile), (i + 1) * 1000L));
        }
        return hops;
    }

    SphinxPath path(int length) {
        return SphinxPath.toRecipient(hops(length), 0x1111_2222_3333_4444L, 0x5555_6666_7777_8888L);
    }

    void wrap(SphinxPath path, byte[] payload, int slot) {
        wrapper.wrap(path, MemorySegment.ofArray(payload), packets, slot(slot));
    }

    /** Peels the packet in one slot as relay {@code relay}; returns the status. The results are in the batch. */
    int peel(int relay, int slot) {
        batch.clear();
        batch.add(slot(slot));
        peeler.authenticate(relays.get(relay), batch);
        peeler.transform(batch);
        return batch.status(0);
    }

    byte[] packet(int slot) {
        return bytes(slot(slot), geometry.packetLength());
    }

    byte[] payload(int index) {
        return bytes(batch.payloadPosition(index), batch.payloadLength(index));
    }

    byte[] bytes(long position, int length) {
        return packets.asSlice(position, length).toArray(JAVA_BYTE);
    }

    void put(byte[] packet, int slot) {
        MemorySegment.copy(MemorySegment.ofArray(packet), 0, packets, slot(slot), packet.length);
    }
}
