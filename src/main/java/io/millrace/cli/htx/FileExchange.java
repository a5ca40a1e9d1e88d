package io.millrace.cli.htx;

import io.millrace.cli.htx.HtxReport.Outcome;
import io.millrace.htx.endpoint.HtxStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** Moves one file through a stream; the receiver answers with the SHA-256 of the received bytes. */
final class FileExchange {
    private static final int BUFFER_LENGTH = 64 << 10;

    private FileExchange() {}

    static Outcome send(Path file, HtxStream stream) throws IOException {
        final MessageDigest digest = sha256();
        long bytes = 0;
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            bytes = copy(in, stream.output());
        } catch (IOException e) {
            stream.reset(); // closing the stream would end it as if the file were whole
            throw e;
        }
        stream.finish();
        final byte[] own = digest.digest();
        final byte[] theirs = stream.input().readNBytes(own.length);
        return new Outcome(bytes, HexFormat.of().formatHex(own), Arrays.equals(own, theirs), null);
    }

    /**
     * The file must not be there yet. It has another, short name in the same folder until the stream has ended well; if
     * the stream breaks, nothing is left.
     */
    static Outcome receive(Path file, HtxStream stream) throws IOException {
        final MessageDigest digest = sha256();
        final Path folder = file.toAbsolutePath().getParent();
        final Path partial = Files.createTempFile(folder, ".millrace-", ".partial");
        final long bytes;
        try {
            try (OutputStream out = new DigestOutputStream(Files.newOutputStream(partial), digest)) {
                bytes = copy(stream.input(), out);
            }
            // A link and no move: a move would take the place of a file that came in the meantime.
            Files.createLink(file, partial);
        } finally {
            Files.deleteIfExists(partial);
        }
        final byte[] own = digest.digest();
        stream.output().write(own);
        stream.finish();
        return new Outcome(bytes, HexFormat.of().formatHex(own), null, null);
    }

    /** Copies to the end, without waiting for a full buffer; returns the number of bytes. */
    static long copy(InputStream in, OutputStream out) throws IOException {
        final byte[] buffer = new byte[BUFFER_LENGTH];
        long bytes = 0;
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            out.write(buffer, 0, count);
            bytes += count;
        }
        out.flush();
        return bytes;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
