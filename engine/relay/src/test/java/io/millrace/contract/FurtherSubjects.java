package io.millrace.contract;

import io.millrace.cbor.CborWriter;
import io.millrace.config.EngineConfig;
import io.millrace.crdt.type.ActorId;
import io.millrace.crdt.type.Identifier;
import io.millrace.crdt.type.TwinId;
import io.millrace.crypto.SecretKey;
import io.millrace.crypto.SecureRandomness;
import io.millrace.crypto.X25519KeyPair;
import io.millrace.crypto.provider.CryptoProviders;
import io.millrace.frame.Frame;
import io.millrace.frame.FrameStatus;
import io.millrace.frame.FrameType;
import io.millrace.frame.KeySchedule;
import io.millrace.frame.RekeyLimits;
import io.millrace.frame.SendingKeySchedule;
import io.millrace.htx.admission.AdmissionConfig;
import io.millrace.htx.admission.TicketKey;
import io.millrace.htx.handshake.HandshakeAcceptor;
import io.millrace.htx.handshake.InitiatorHandshake;
import io.millrace.htx.handshake.ResponderHandshake;
import io.millrace.htx.session.Session;
import io.millrace.htx.session.SessionStream;
import io.millrace.link.LinkPeer;
import io.millrace.map.MapLayout;
import io.millrace.map.MapTwinState;
import io.millrace.map.StoreMap;
import io.millrace.map.StoreMaps;
import io.millrace.memory.Slab;
import io.millrace.memory.SlotOwner;
import io.millrace.noise.CipherState;
import io.millrace.noise.HandshakeBuilder;
import io.millrace.noise.HandshakeState;
import io.millrace.noise.NoiseProtocol;
import io.millrace.noise.NoiseTransport;
import io.millrace.noise.Role;
import io.millrace.noise.SendingCipherState;
import io.millrace.receipt.StoredReceipts;
import io.millrace.relay.RelayEngine;
import io.millrace.relay.epoch.SphinxEpoch;
import io.millrace.sphinx.RelayPublicKey;
import io.millrace.sphinx.RelaySphinxKey;
import io.millrace.sphinx.ReplaySet;
import io.millrace.sphinx.SphinxGeometry;
import io.millrace.sphinx.SphinxHop;
import io.millrace.sphinx.SphinxPath;
import io.millrace.sphinx.WrapBatch;
import io.millrace.store.AppendLog;
import io.millrace.store.CommitPolicy;
import io.millrace.store.LogLayout;
import io.millrace.store.Store;
import io.millrace.vrf.DelayDraws;
import io.millrace.vrf.DelaySampler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Factories of objects that need several steps. */
final class FurtherSubjects {
    private static final int PACKET = SphinxGeometry.MR1.packetLength() + SphinxGeometry.SPILL_LENGTH;

    private FurtherSubjects() {}

    static void register() {
        Subjects.register(Slab.class, world -> {
            final Slab slab = new Slab(64, 64);
            world.own(slab::abandon);
            for (int i = 0; i < slab.slotCount(); i++) {
                slab.acquire(SlotOwner.ENGINE);
            }
            return slab;
        });
        Subjects.register(HandshakeBuilder.class, FurtherSubjects::builder);
        Subjects.register(
                HandshakeState.class, world -> world.own(builder(world).start()));
        Subjects.register(SphinxPath.class, world -> SphinxPath.toRecipient(hops(world), 1, 2));
        Subjects.register(WrapBatch.class, world -> {
            final WrapBatch batch = new WrapBatch(SphinxGeometry.MR1, world.memory(PACKET), 2);
            batch.add(Subjects.make(world, SphinxPath.class), world.memory(1), 0);
            return batch;
        });
        Subjects.register(
                DelayDraws.class,
                world -> world.own(DelaySampler.sender(1_000)).draws(CryptoProviders.byName("auto"), 1));
        Subjects.register(AppendLog.class, world -> inStore(world, store -> store.log(new LogLayout("log", 64, 4096))));
        Subjects.register(
                StoreMap.class,
                world -> inStore(world, store -> StoreMaps.open(store, new MapLayout("map", 32, 32, 64, 100))));
        Subjects.register(MapTwinState.class, world -> {
            try {
                return world.own(MapTwinState.open(folder(world), new TwinId(1, 2), new SecureRandomness()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        Subjects.register(StoredReceipts.class, world -> {
            try {
                return world.own(StoredReceipts.open(folder(world), CommitPolicy.DEFAULT, 1 << 20));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        Subjects.register(RelayEngine.class, FurtherSubjects::engine);
        Subjects.register(CborWriter.class, world -> new CborWriter().wrap(world.memory(4096), 0));
        Subjects.register(Identifier.class, world -> ActorId.read(world.memory(Identifier.LENGTH), 0));
        Subjects.register(LinkPeer.class, world -> {
            final byte[] id = new byte[16];
            id[0] = 1;
            return new LinkPeer(world.memory(32).toArray(ValueLayout.JAVA_BYTE), id);
        });
        Subjects.register(NoiseTransport.class, FurtherSubjects::transport);
        Subjects.register(
                SessionStream.class,
                world -> Subjects.make(world, Session.class).open(0));
        Subjects.register(
                KeySchedule.class, world -> world.own(new SendingKeySchedule(world.memory(32), RekeyLimits.HTX1, 0)));
        Subjects.register(CipherState.class, world -> world.own(SendingCipherState.of(world.memory(32))));
        Subjects.register(Frame.class, world -> {
            final Frame frame = new Frame();
            final MemorySegment text = MemorySegment.ofArray(new byte[] {FrameType.WINDOW_UPDATE, 1, 1});
            if (frame.parse(text, 0, (int) text.byteSize()) != FrameStatus.OK) {
                throw new IllegalStateException("a valid frame was refused");
            }
            return frame;
        });
        Subjects.register(ResponderHandshake.class, FurtherSubjects::responder);
    }

    private static NoiseTransport transport(World world) {
        return world.own(throughNoise(world).split());
    }

    /** The initiator after the last message. */
    private static HandshakeState throughNoise(World world) {
        final SecureRandomness randomness = new SecureRandomness();
        final X25519KeyPair own = world.own(X25519KeyPair.generate(randomness));
        final MemorySegment message = world.memory(256);
        final MemorySegment payload = world.memory(256);
        final HandshakeState first = world.own(HandshakeState.of(NoiseProtocol.XK_SHA256, Role.INITIATOR)
                .localStatic(own)
                .remoteStatic(own.publicKey())
                .randomness(randomness)
                .start());
        final HandshakeState second = world.own(HandshakeState.of(NoiseProtocol.XK_SHA256, Role.RESPONDER)
                .localStatic(own)
                .randomness(randomness)
                .start());
        while (!first.isComplete()) {
            final HandshakeState writer = first.isTurnToWrite() ? first : second;
            final HandshakeState reader = writer == first ? second : first;
            reader.readMessage(message, writer.writeMessage(payload, 0, message), payload);
        }
        return first;
    }

    /** The object for a call that needs a state which {@link Subjects} does not give; null for all others. */
    static Object inState(World world, String shortName) {
        return switch (shortName) {
            case "HandshakeState.givePsk", "HandshakeState.writePsk" ->
                world.own(described(world, NoiseProtocol.XKPSK3_SHA256, Role.INITIATOR)
                        .pskLater()
                        .start());
            case "HandshakeState.readMessage" ->
                world.own(described(world, NoiseProtocol.XK_SHA256, Role.RESPONDER)
                        .start());
            case "HandshakeState.split" -> throughNoise(world);
            case "InitiatorHandshake.readSecond" -> begun(world).initiator;
            case "InitiatorHandshake.split" -> throughAll(world);
            default -> null;
        };
    }

    private static HandshakeBuilder described(World world, NoiseProtocol protocol, Role role) {
        final X25519KeyPair own = Subjects.make(world, X25519KeyPair.class);
        final HandshakeBuilder builder =
                HandshakeState.of(protocol, role).localStatic(own).randomness(new SecureRandomness());
        return role == Role.INITIATOR ? builder.remoteStatic(own.publicKey()) : builder;
    }

    private static ResponderHandshake responder(World world) {
        return begun(world).responder;
    }

    private static InitiatorHandshake throughAll(World world) {
        final Begun begun = begun(world);
        final MemorySegment third = world.memory(InitiatorHandshake.THIRD_LENGTH);
        if (begun.initiator.readSecond(begun.answer, InitiatorHandshake.SECOND_LENGTH) != 0
                || begun.initiator.writeThird(third) != InitiatorHandshake.THIRD_LENGTH) {
            throw new IllegalStateException("the handshake of two honest ends failed");
        }
        return begun.initiator;
    }

    /** Both ends of a handshake after the first message was answered; {@code answer} is the second. */
    private record Begun(InitiatorHandshake initiator, ResponderHandshake responder, MemorySegment answer) {}

    private static Begun begun(World world) {
        final SecureRandomness randomness = new SecureRandomness();
        final X25519KeyPair own = world.own(X25519KeyPair.generate(randomness));
        final TicketKey key = world.own(TicketKey.open(own.publicKey()));
        final InstantSource clock = InstantSource.fixed(Instant.EPOCH);
        final HandshakeAcceptor responder = world.own(new HandshakeAcceptor(
                own, List.of(key), peer -> true, MemorySegment.NULL, AdmissionConfig.DEFAULT, clock, 0, randomness));
        final InitiatorHandshake initiator = world.own(
                new InitiatorHandshake(own, own.publicKey(), key, MemorySegment.NULL, Instant.EPOCH, randomness));
        final MemorySegment message = world.memory(InitiatorHandshake.FIRST_LENGTH);
        final int length = initiator.writeFirst(message);
        final MemorySegment answer = world.memory(InitiatorHandshake.SECOND_LENGTH);
        final ResponderHandshake begun = responder.begin(0, message, length, answer, 0);
        if (begun == null) {
            throw new IllegalStateException("the first message was refused: " + responder.lastVerdict());
        }
        return new Begun(initiator, world.own(begun), answer);
    }

    /** A path of one hop. */
    static List<SphinxHop> hops(World world) {
        return List.of(new SphinxHop(RelayPublicKey.copyOf(world.memory(RelayPublicKey.LENGTH)), 0));
    }

    private static HandshakeBuilder builder(World world) {
        return HandshakeState.of(NoiseProtocol.XK_SHA256, Role.INITIATOR)
                .localStatic(Subjects.make(world, X25519KeyPair.class))
                .remoteStatic(world.memory(32))
                .randomness(new SecureRandomness());
    }

    private static RelayEngine engine(World world) {
        final RelaySphinxKey key = new RelaySphinxKey(SecretKey.generate(new SecureRandomness()));
        final RelayEngine engine = world.own(RelayEngine.builder()
                .config(EngineConfig.builder()
                        .slotCount(64)
                        .ringSize(64)
                        .batchLimit(16)
                        .maxDelay(Duration.ofMillis(10))
                        .build())
                .delay(DelaySampler.sender(1_000))
                .keyEpoch(new SphinxEpoch(1, key, new ReplaySet(100, 1, 2)))
                .build());
        engine.start();
        return engine;
    }

    /** Opening of a store, which may throw. */
    private interface Opening<T> {
        T of(Store store) throws IOException;
    }

    private static <T> T inStore(World world, Opening<T> opening) {
        try {
            return opening.of(world.own(Store.open(folder(world), CommitPolicy.DEFAULT)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A folder of this probe, deleted after it. */
    private static Path folder(World world) throws IOException {
        final Path folder = Files.createTempDirectory("millrace-contract");
        world.own(() -> {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        });
        return folder;
    }
}
