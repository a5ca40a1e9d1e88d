package io.millrace.tlog;

import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Which signatures a checkpoint needs. Immutable.
 *
 * <p>Witnesses are counted by public key: one key under two names is one witness, and is refused here. The log's own key is
 * no witness.
 *
 * @param origin first line of the checkpoint; for logs of this program the name of the log's key.
 * @param log key that must have signed.
 * @param witnesses known witnesses, each public key once; a copy.
 * @param quorum number of witnesses that must have cosigned, 0 to the number of witnesses.
 */
public record CheckpointPolicy(String origin, VerifierKey log, List<VerifierKey> witnesses, int quorum) {
    /** Checks the witnesses and the quorum. */
    public CheckpointPolicy {
        Objects.requireNonNull(origin, "origin");
        witnesses = List.copyOf(witnesses);
        final Set<String> seen = new HashSet<>();
        seen.add(HexFormat.of().formatHex(log.publicKey()));
        for (VerifierKey witness : witnesses) {
            if (!seen.add(HexFormat.of().formatHex(witness.publicKey()))) {
                throw new IllegalArgumentException(
                        "a witness has a key that is named already, as another witness or as the log: witness="
                                + witness);
            }
        }
        if (quorum < 0 || quorum > witnesses.size()) {
            throw new IllegalArgumentException("quorum must be 0 to the number of witnesses: quorum=" + quorum
                    + ", witnesses=" + witnesses.size());
        }
    }

    /**
     * The policy that needs the log's signature alone, under the name of its key.
     *
     * @param log key of the log.
     */
    public static CheckpointPolicy of(VerifierKey log) {
        return new CheckpointPolicy(log.name(), log, List.of(), 0);
    }
}
