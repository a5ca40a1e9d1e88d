package io.millrace.crdt.op;

import io.millrace.crdt.Draft;
import io.millrace.crdt.Replica;
import io.millrace.crdt.type.ActorId;
import io.millrace.crdt.type.OperationId;
import io.millrace.crypto.Ed25519KeyPair;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/** An actor with a key, honest or not; the same name gives the same key. */
public final class Actor implements AutoCloseable {
    public final String name;
    public final Ed25519KeyPair key;
    public final ActorId id;
    private final OperationCodec codec = new OperationCodec();

    public Actor(String name) {
        this.name = name;
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment seed = arena.allocate(32);
            MemorySegment.copy(
                    MemorySegment.ofArray(name.getBytes(StandardCharsets.US_ASCII)), 0, seed, 0, name.length());
            this.key = Ed25519KeyPair.fromSeed(seed);
        }
        this.id = ActorId.read(key.publicKey(), 0);
    }

    public static ActorRegistry registry(Actor... actors) {
        final Map<ActorId, String> names = new LinkedHashMap<>();
        for (final Actor actor : actors) {
            names.put(actor.id, actor.name);
        }
        return ActorRegistry.of(names);
    }

    /** Signs a header that no replica need agree with. */
    public SignedOperation sign(OperationHeader header, byte[] payload) {
        try (Arena arena = Arena.ofConfined()) {
            final byte[] bytes = codec.encode(header);
            final OperationId operationId = codec.idOf(bytes);
            final MemorySegment message = arena.allocate(OperationCodec.MESSAGE_LENGTH);
            final MemorySegment signature = arena.allocate(64);
            OperationCodec.writeMessage(message, 0, operationId);
            key.sign(signature, message);
            return new SignedOperation(
                    operationId, header, bytes, signature.toArray(java.lang.foreign.ValueLayout.JAVA_BYTE), payload);
        }
    }

    /** Signs the draft as one operation on {@code replica} and gives its encoding. */
    public byte[] edit(Replica replica, Consumer<Draft> changes) {
        final Draft draft = replica.draft(id);
        changes.accept(draft);
        try {
            return codec.encode(replica.issue(key, draft));
        } catch (java.io.IOException e) {
            throw new AssertionError("a log in memory does not fail", e);
        }
    }

    @Override
    public void close() {
        codec.close();
        key.close();
    }

    /** An operation whose signature is 64 zeros. */
    public static SignedOperation unsigned(OperationCodec codec, OperationHeader header, byte[] payload) {
        final byte[] bytes = codec.encode(header);
        return new SignedOperation(codec.idOf(bytes), header, bytes, new byte[64], payload);
    }
}
