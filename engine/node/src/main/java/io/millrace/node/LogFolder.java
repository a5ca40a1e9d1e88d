package io.millrace.node;

import io.millrace.files.WholeFile;
import io.millrace.node.config.ReceiptSettings;
import io.millrace.receipt.LogKey;
import io.millrace.receipt.LogReader;
import io.millrace.receipt.ReceiptLogView;
import io.millrace.receipt.ReceiptRetention;
import io.millrace.receipt.StoredReceipts;
import io.millrace.store.CommitPolicy;
import io.millrace.text.ConfigException;
import io.millrace.text.NotUtf8Exception;
import io.millrace.text.TextFile;
import io.millrace.tlog.Checkpoint;
import io.millrace.tlog.CheckpointPolicy;
import io.millrace.tlog.MalformedException;
import io.millrace.tlog.RefusedException;
import io.millrace.tlog.SignedNote;
import io.millrace.tlog.VerifierKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The directory of a log: the records, the public key as {@code log.vkey}, and the newest signed checkpoint whose receipts
 * are durable as {@code checkpoint}, replaced as a whole.
 *
 * @param directory of the log.
 */
public record LogFolder(Path directory) {
    /** Length in bytes at which a log is full by default: 64 GiB. */
    public static final long DEFAULT_MAX_LENGTH = ReceiptSettings.MAX_LOG_LENGTH;

    private static final int LONGEST_NOTE = 1 << 20;
    private static final String KEY_FILE = "log.vkey";
    private static final String CHECKPOINT_FILE = "checkpoint";

    /**
     * Opens the records for writing; the public key is written next to them.
     *
     * @param key of the log; stays the caller's.
     * @param retention how much of the log is kept.
     * @return the records; the caller closes them.
     * @throws IOException if a file cannot be read or written.
     */
    public StoredReceipts open(LogKey key, ReceiptRetention retention) throws IOException {
        final StoredReceipts store = StoredReceipts.open(directory, CommitPolicy.DEFAULT, retention);
        WholeFile.replace(directory.resolve(KEY_FILE), key.verifierKey() + "\n");
        return store;
    }

    /** Opens the records for reading, also while another process writes them. */
    public ReceiptLogView view() throws IOException {
        try {
            return ReceiptLogView.open(directory);
        } catch (NoSuchFileException e) {
            throw new ConfigException("no receipt log there: " + directory, e);
        }
    }

    /** Opens the durable records for reading: for what leaves the machine. */
    public ReceiptLogView durableView() throws IOException {
        try {
            return ReceiptLogView.openDurable(directory);
        } catch (NoSuchFileException e) {
            throw new ConfigException("no receipt log there: " + directory, e);
        }
    }

    /**
     * The checkpoint that was published last; empty if there is none.
     *
     * @param key of the log.
     * @throws RefusedException if another key signed it.
     * @throws IOException if it cannot be read or is no checkpoint.
     */
    public Optional<Checkpoint> published(VerifierKey key) throws IOException, RefusedException {
        final Path file = directory.resolve(CHECKPOINT_FILE);
        try {
            return Optional.of(Checkpoint.verified(SignedNote.parse(readText(file)), CheckpointPolicy.of(key)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (MalformedException e) {
            throw new IOException(file + ": " + e.getMessage() + "; restore it from a copy", e);
        }
    }

    /** The public key in the folder of the records: good for listing and proving, not to be trusted for verifying. */
    public VerifierKey key() throws IOException {
        return readKey(directory.resolve(KEY_FILE));
    }

    /**
     * Publishes a checkpoint.
     *
     * @param checkpoint replaces the published one, as a whole.
     * @throws IOException if the file cannot be written.
     */
    public void publish(SignedNote checkpoint) throws IOException {
        WholeFile.replace(directory.resolve(CHECKPOINT_FILE), checkpoint.toString());
    }

    /**
     * The newest signed checkpoint in the records.
     *
     * @param state of the records.
     * @return the checkpoint with its place.
     * @throws ConfigException if there is none yet.
     */
    public static LogReader.Stored signed(LogReader.State state) {
        return state.checkpoint()
                .orElseThrow(
                        () -> new ConfigException("the log has no signed and durable checkpoint yet; a running relay"
                                + " signs one a second, receipts append one at its end"));
    }

    /**
     * Reads a public key from a file, or from the text itself.
     *
     * @param text the key, or the name of a file.
     * @return the key.
     * @throws ConfigException if it is none.
     * @throws IOException if the file cannot be read.
     */
    public static VerifierKey readKey(String text) throws IOException {
        if (text.chars().filter(each -> each == '+').count() >= 2) {
            try {
                return VerifierKey.parse(text);
            } catch (MalformedException e) {
                throw new ConfigException(e.getMessage(), e);
            }
        }
        return readKey(Path.of(text));
    }

    private static VerifierKey readKey(Path file) throws IOException {
        try {
            return VerifierKey.parse(TextFile.read(file, LONGEST_NOTE));
        } catch (MalformedException e) {
            throw new ConfigException(file + ": " + e.getMessage(), e);
        }
    }

    /**
     * The bytes of a signed note or proof, without a byte order mark and with line feeds alone, as they were signed.
     *
     * @param file with the text, at most 1 MiB.
     * @return UTF-8 bytes.
     * @throws MalformedException if it is not UTF-8.
     * @throws IOException if it cannot be read, or is too long.
     */
    public static byte[] readText(Path file) throws IOException, MalformedException {
        try {
            return TextFile.read(file, LONGEST_NOTE).getBytes(StandardCharsets.UTF_8);
        } catch (NotUtf8Exception e) {
            throw new MalformedException("not UTF-8", e);
        }
    }
}
