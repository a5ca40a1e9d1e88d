package io.millrace.node;

import io.millrace.node.config.ReceiptSettings;
import io.millrace.node.keys.KeyFile;
import io.millrace.receipt.LogKey;
import io.millrace.receipt.ReceiptId;
import io.millrace.receipt.StoredReceipts;
import io.millrace.relay.receipts.ReceiptCounters;
import io.millrace.relay.receipts.ReceiptOptions;
import io.millrace.relay.receipts.ReceiptService;
import io.millrace.sphinx.RelayId;
import io.millrace.text.ConfigException;
import io.millrace.text.FileTrouble;
import io.millrace.tlog.Checkpoint;
import io.millrace.tlog.MalformedException;
import io.millrace.tlog.RefusedException;
import io.millrace.tlog.SignedNote;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/**
 * The receipts of a relay: its log, the log's key, which is derived from the relay's key file for this use alone, and the
 * thread that fills it. Belongs to the thread that opened it, but for the checkpoints.
 */
public final class NodeReceipts implements AutoCloseable {
    private final LogFolder folder;
    private final LogKey key;
    private final StoredReceipts store;
    private final ReceiptService service;
    private volatile String unpublished;
    private boolean stopped;

    private NodeReceipts(ReceiptSettings settings, KeyFile keys, RelayId relay) throws IOException, RefusedException {
        folder = new LogFolder(settings.folder());
        key = ReceiptKeys.derive(keys, null);
        StoredReceipts opened = null;
        boolean made = false;
        try {
            final ReceiptOptions options =
                    ReceiptOptions.of(settings.mode()).withPublished(folder.published(key.verifierKey()));
            opened = folder.open(key, settings.retention());
            store = opened;
            service = ReceiptService.start(store, key, ReceiptId.ofHex(relay.toString()), options, this::publish);
            made = true;
        } finally {
            if (!made) {
                if (opened != null) {
                    opened.close();
                }
                key.close();
            }
        }
    }

    /** Opens the log and starts its thread. */
    static NodeReceipts open(ReceiptSettings settings, KeyFile keys, RelayId relay) {
        try {
            return new NodeReceipts(settings, keys, relay);
        } catch (IOException e) {
            throw new ConfigException("[engine] receipts=" + settings.folder() + ": " + FileTrouble.describe(e), e);
        } catch (RefusedException e) {
            throw new ConfigException("[engine] receipts=" + settings.folder() + ": " + e.getMessage(), e);
        }
    }

    /** Takes the engine's receipts. */
    ReceiptService service() {
        return service;
    }

    /** Counters of the receipts. */
    public ReceiptCounters counters() {
        return service.counters();
    }

    /** The problem, if there is one: receipts are lost, or checkpoints are not published. */
    public Optional<String> problem() {
        if (service.failure().isPresent()) {
            return Optional.of("receipts are lost: " + service.failure().get());
        }
        final ReceiptCounters counters = service.counters();
        if (counters.logFull() > 0) {
            return Optional.of("receipts are lost: the log or its disk is full");
        }
        return Optional.ofNullable(unpublished);
    }

    /** Appends and signs the receipts that wait, after the engine has stopped; then the counters are final. */
    public void stop() {
        if (!stopped) {
            stopped = true;
            service.close();
        }
    }

    /** Stops, closes the log and wipes its key. */
    @Override
    public void close() {
        stop();
        try {
            store.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            key.close();
        }
    }

    /** On the receipts thread. The checkpoint is in the log too: that a file is not replaced loses none. */
    private void publish(SignedNote checkpoint) {
        try {
            folder.publish(checkpoint);
            store.release(Checkpoint.parse(checkpoint.text()).size());
            unpublished = store.problem()
                    .map(problem -> "the log goes on in a segment that is too long: " + problem.getMessage())
                    .orElse(null);
        } catch (IOException e) {
            unpublished = "the checkpoint of the receipts is not published: " + e.getMessage();
        } catch (MalformedException e) {
            throw new AssertionError("a checkpoint of this relay", e);
        }
    }
}
