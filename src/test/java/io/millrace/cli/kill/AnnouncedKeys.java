package io.millrace.cli.kill;

import io.millrace.directory.DescriptorListener;
import io.millrace.directory.DescriptorWatch;
import io.millrace.directory.EpochPublicKey;
import io.millrace.directory.IdentityKey;
import io.millrace.directory.Party;
import io.millrace.directory.RelayDescriptor;
import io.millrace.http.DocumentSource;
import io.millrace.node.keys.PublicIdentity;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The keys that a relay announces in its folder, as a sender reads them. */
public final class AnnouncedKeys implements AutoCloseable {
    private static final long PATIENCE_S = 60;

    private final DescriptorWatch watch;

    /**
     * Begins to read.
     *
     * @param identity of the relay.
     * @param folder that it publishes to.
     */
    public AnnouncedKeys(PublicIdentity identity, Path folder) {
        this.watch = DescriptorWatch.start(
                List.of(new Party("relay", IdentityKey.ofHex(identity.identity()), folder.toString())),
                DocumentSource::fetchDescriptor,
                new DescriptorListener() {
                    @Override
                    public void onDescriptor(int index, RelayDescriptor descriptor) {}

                    @Override
                    public void onMessage(String message) {}
                });
    }

    /** The key for a packet that leaves now; waits until there is one. */
    public EpochPublicKey now() throws InterruptedException {
        final long start = System.nanoTime();
        while (true) {
            final Optional<EpochPublicKey> key =
                    watch.newest(0).flatMap(each -> each.keyAt(System.currentTimeMillis()));
            if (key.isPresent()) {
                return key.get();
            }
            if (System.nanoTime() - start > TimeUnit.SECONDS.toNanos(PATIENCE_S)) {
                throw new AssertionError("the relay announces no key: " + watch.newest(0) + ", " + watch.trouble(0));
            }
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    /** The newest descriptor. */
    public RelayDescriptor descriptor() {
        return watch.newest(0).orElseThrow();
    }

    @Override
    public void close() {
        watch.close();
    }
}
