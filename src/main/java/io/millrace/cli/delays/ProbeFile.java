package io.millrace.cli.delays;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.cli.console.UsageError;
import io.millrace.directory.IdentityKey;
import io.millrace.directory.Probe;
import io.millrace.directory.ProbeHop;
import io.millrace.text.HexText;
import io.millrace.text.TextFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * File of probes, one JSON object a line, mode 0600: with the disclosures its tags show when the sender's packets left each
 * relay.
 *
 * <pre>
 *  {"elapsedNs":123,"hops":[{"relay":"identity key, hex","epoch":7,"tag":"16 bytes, hex"}, ...]}
 * </pre>
 *
 * <p>Not thread safe.
 */
public final class ProbeFile implements AutoCloseable {
    /** Most probes that {@link #read} takes. */
    public static final int MAX_PROBES = 1_000_000;

    private static final int MAX_LINE = 8_192;
    private static final JsonMapper JSON = new JsonMapper();

    private final FileChannel channel;

    private ProbeFile(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Opens a file for writing; creates it if it is absent, and appends otherwise.
     *
     * @param file of probes.
     * @throws UsageError if users other than its owner may read it.
     * @throws IOException if it cannot be written.
     */
    public static ProbeFile open(Path file) throws IOException {
        try {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (FileAlreadyExistsException e) {
            requirePrivate(file);
        }
        return new ProbeFile(FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.APPEND));
    }

    /**
     * Appends a probe. Of one that does not fit on the disk nothing stays: half a line would make the file unreadable.
     *
     * @param probe one that has returned.
     * @throws IOException if it cannot be written; the file is as it was.
     */
    public void append(Probe probe) throws IOException {
        final ObjectNode line = JSON.createObjectNode();
        line.put("elapsedNs", probe.elapsedNs());
        final ArrayNode hops = line.putArray("hops");
        for (ProbeHop hop : probe.hops()) {
            hops.addObject()
                    .put("relay", hop.relay().toString())
                    .put("epoch", hop.epoch())
                    .put("tag", String.format("%016x%016x", hop.tagLow(), hop.tagHigh()));
        }
        final ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
        final long length = channel.size();
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            takeBack(length, e);
            throw e;
        }
    }

    private void takeBack(long length, IOException failure) {
        try {
            channel.truncate(length);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    /**
     * Reads all probes of a file.
     *
     * @param file written by {@link #append}.
     * @return at most {@link #MAX_PROBES}.
     * @throws UsageError if users other than its owner may read it, or a line is malformed; the message names the line and
     *     quotes nothing of it.
     * @throws IOException if it cannot be read.
     */
    public static List<Probe> read(Path file) throws IOException {
        requirePrivate(file);
        final List<Probe> probes = new ArrayList<>();
        try (TextFile reader = TextFile.open(file, MAX_LINE)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (probes.size() == MAX_PROBES) {
                    throw new UsageError(file + ": more than " + MAX_PROBES + " probes");
                }
                try {
                    probes.add(parse(line));
                } catch (IllegalArgumentException | JsonProcessingException e) {
                    throw new UsageError(file + ":" + reader.lineNumber() + ": not a probe", e);
                }
            }
        }
        return probes;
    }

    /** Closes the file. */
    @Override
    public void close() throws IOException {
        channel.close();
    }

    private static Probe parse(String line) throws JsonProcessingException {
        final JsonNode object = JSON.readTree(line);
        final List<ProbeHop> hops = new ArrayList<>();
        for (JsonNode hop : object.path("hops")) {
            final String tag = hop.path("tag").asText();
            HexText.parse(tag, 16);
            hops.add(new ProbeHop(
                    IdentityKey.ofHex(hop.path("relay").asText()),
                    number(hop.path("epoch")),
                    Long.parseUnsignedLong(tag.substring(0, 16), 16),
                    Long.parseUnsignedLong(tag.substring(16), 16)));
        }
        return new Probe(hops, number(object.path("elapsedNs")));
    }

    private static long number(JsonNode node) {
        if (!node.canConvertToLong() || !node.isIntegralNumber()) {
            throw new IllegalArgumentException("not a whole number");
        }
        return node.asLong();
    }

    private static void requirePrivate(Path file) throws IOException {
        final Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
        if (permissions.contains(PosixFilePermission.GROUP_READ)
                || permissions.contains(PosixFilePermission.OTHERS_READ)) {
            throw new UsageError("others can read this file of probes, mend it with chmod 600: " + file);
        }
    }
}
