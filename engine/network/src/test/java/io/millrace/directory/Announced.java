package io.millrace.directory;

import io.millrace.crypto.Ed25519KeyPair;
import io.millrace.crypto.SecretKey;
import io.millrace.crypto.SecureRandomness;
import io.millrace.relay.epoch.EpochSchedule;
import io.millrace.sphinx.RelayPublicKey;
import io.millrace.sphinx.RelaySphinxKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** A relay that exists on paper: an identity that signs descriptors. */
public final class Announced implements AutoCloseable {
    private final Ed25519KeyPair pair;
    private final EpochSchedule schedule;
    private final DelayLaw law;
    private final Map<Long, RelayPublicKey> keys = new HashMap<>();
    private long sequence;

    /** Draws an identity. */
    public Announced(EpochSchedule schedule, String law) {
        try (SecretKey seed = SecretKey.generate(new SecureRandomness())) {
            this.pair = Ed25519KeyPair.fromSeed(seed.segment());
        }
        this.schedule = schedule;
        this.law = DelayLaw.parse(law);
    }

    public IdentityKey identity() {
        return IdentityKey.of(pair);
    }

    /** The key of an epoch, drawn when it is first asked for. */
    public RelayPublicKey key(long epoch) {
        return keys.computeIfAbsent(epoch, ignored -> {
            try (RelaySphinxKey key = new RelaySphinxKey(SecretKey.generate(new SecureRandomness()))) {
                return RelayPublicKey.copyOf(key.publicKey());
            }
        });
    }

    /** A new descriptor of these epochs. */
    public RelayDescriptor descriptor(long first, long last) {
        final List<EpochPublicKey> announced = LongStream.rangeClosed(first, last)
                .mapToObj(number ->
                        new EpochPublicKey(number, key(number), schedule.startMs(number), schedule.endMs(number)))
                .toList();
        return RelayDescriptor.builder()
                .sequence(++sequence)
                .linkKey(new byte[32])
                .vrfKey(new byte[32])
                .law(law)
                .schedule(schedule)
                .keys(announced)
                .sign(pair);
    }

    @Override
    public void close() {
        pair.close();
    }
}
