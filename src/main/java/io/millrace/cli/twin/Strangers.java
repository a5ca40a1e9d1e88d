package io.millrace.cli.twin;

import io.millrace.cli.console.UsageError;
import io.millrace.crdt.op.ActorRegistry;
import io.millrace.crdt.op.OperationCodec;
import io.millrace.crdt.op.OperationLog;
import io.millrace.crdt.op.SignedOperation;
import io.millrace.crdt.type.ActorId;
import io.millrace.crdt.type.OperationId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Authors in a document that the registry does not list. Operations of others build on theirs, so the document cannot be
 * verified without them: an actor is not removed but revoked.
 */
final class Strangers {
    private Strangers() {}

    /** Refuses a document with such authors; the message says how to revoke one. */
    static void refuse(Path path, Map<ActorId, OperationId> lastOperations, ActorRegistry registry) {
        for (final Map.Entry<ActorId, OperationId> each : lastOperations.entrySet()) {
            if (!registry.contains(each.getKey())) {
                throw new UsageError(path + ": " + advice(each.getKey(), each.getValue()));
            }
        }
    }

    /** The last operation in a log of each author that the registry does not list; other records are passed over. */
    static Map<ActorId, OperationId> find(OperationLog log, ActorRegistry registry) throws IOException {
        final Map<ActorId, SignedOperation> last = new LinkedHashMap<>();
        try (OperationCodec codec = new OperationCodec()) {
            for (int i = 0; i < log.size() && last.size() < ActorRegistry.MAX_ACTORS; i++) {
                final Optional<SignedOperation> operation = codec.decode(log.read(i));
                if (operation.isPresent()
                        && !registry.contains(operation.get().header().actor())) {
                    last.merge(
                            operation.get().header().actor(),
                            operation.get(),
                            (one, other) ->
                                    one.header().sequence() >= other.header().sequence() ? one : other);
                }
            }
        }
        final Map<ActorId, OperationId> found = new LinkedHashMap<>();
        last.forEach((actor, operation) -> found.put(actor, operation.id()));
        return found;
    }

    /** How to list the author of {@code last} again and refuse its later operations. */
    static String advice(ActorId actor, OperationId last) {
        return "holds operations of an actor that --actors does not list: list it again, with revoked-after if it is to"
                + " sign no more: public-key = \"" + actor + "\", revoked-after = \"" + last + "\"";
    }
}
