package io.millrace.cli.keys;

import io.millrace.cli.console.ExitCode;
import io.millrace.cli.console.Output;
import io.millrace.cli.console.PathKind;
import io.millrace.cli.console.PathOption;
import io.millrace.cli.console.ProgramCommand;
import io.millrace.cli.console.Table;
import io.millrace.cli.console.UsageError;
import io.millrace.cli.console.UsedWith;
import io.millrace.crypto.SecretKey;
import io.millrace.crypto.SecureRandomness;
import io.millrace.node.keys.KeyFile;
import io.millrace.node.keys.PublicIdentity;
import io.millrace.node.keys.SecretFile;
import io.millrace.node.keys.SecretHex;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code keygen}: makes the keys of a relay or client, or the pre-shared key of a link. */
@Command(
        name = "keygen",
        description = {
            "Makes the keys of a relay or client.",
            "Writes them to a file that only you can read, and prints the public part.",
            "With --psk: makes the pre-shared key of a link without handshakes; the same file goes to both ends."
        })
public final class KeygenCommand extends ProgramCommand {
    @Parameters(arity = "0..1", paramLabel = "FILE", description = "The key file to write.")
    @PathOption(value = PathKind.NEW_FILE, unless = "--show", replacing = "--force")
    private Path file;

    @Option(names = "--force", description = "Replace a file that is there.")
    private boolean force;

    @UsedWith(not = {"--psk", "--force"})
    @Option(names = "--show", description = "Make nothing; print the public part of the key file that is there.")
    private boolean show;

    @Option(names = "--psk", description = "Make a pre-shared key; without FILE it is printed on stdout.")
    private boolean psk;

    @Override
    protected int run(Output output) throws Exception {
        if (psk) {
            makePsk(output);
            return ExitCode.OK;
        }
        if (file == null) {
            throw new UsageError("a key file is missing: millrace keygen FILE");
        }
        try (KeyFile keys = show ? KeyFile.read(file) : KeyFile.generate(new SecureRandomness())) {
            if (!show) {
                keys.write(file, force);
                output.note("wrote " + file + ": secret, keep it to yourself");
            }
            print(keys.publicIdentity(), output);
        }
        return ExitCode.OK;
    }

    private void print(PublicIdentity identity, Output output) {
        output.table(new Table("", "hex")
                .row("identity", identity.identity())
                .row("identity id", identity.identityId())
                .row("relay id", identity.relayId())
                .row("public key", identity.publicKey())
                .row("link key", identity.linkKey())
                .row("VRF public key", identity.vrfPublicKey())
                .row("actor key", identity.actorKey()));
        output.line("");
        output.line("For parties that accept its signed operations (millrace twin):");
        output.line("");
        output.line("[[actor]]");
        output.line("name = \"" + name() + "\"");
        output.line("public-key = \"" + identity.actorKey() + "\"");
        output.line("");
        output.line("For the configuration of others, if this is a relay (its keys change):");
        peer(output, "identity = \"" + identity.identity() + "\"", "descriptor = \"URL or FOLDER\"");
        output.line("");
        output.line("For the configuration of others, if this is a client, or a relay that keeps its key:");
        peer(output, "public-key = \"" + identity.publicKey() + "\"", "link-key = \"" + identity.linkKey() + "\"");
        final Map<String, Object> json = new LinkedHashMap<>();
        json.put("file", file.toString());
        json.put("identity", identity.identity());
        json.put("identityId", identity.identityId());
        json.put("relayId", identity.relayId());
        json.put("publicKey", identity.publicKey());
        json.put("linkKey", identity.linkKey());
        json.put("vrfPublicKey", identity.vrfPublicKey());
        json.put("actorKey", identity.actorKey());
        output.object(json);
    }

    private void peer(Output output, String... keys) {
        output.line("");
        output.line("[[peer]]");
        output.line("name = \"" + name() + "\"");
        List.of(keys).forEach(output::line);
        output.line("address = \"HOST:PORT\"");
        output.line("link = \"udp\"  # or \"tcp\", the same at both ends");
    }

    /** The file's name without its ending; only characters that need no escape in TOML. */
    private String name() {
        return file.getFileName().toString().replaceFirst("\\.[^.]*$", "").replaceAll("[^A-Za-z0-9._-]", "_");
    }

    private void makePsk(Output output) throws Exception {
        final byte[] digits;
        try (SecretKey key = SecretKey.generate(new SecureRandomness())) {
            digits = SecretHex.encode(key.segment());
        }
        try {
            if (file == null) {
                if (force) {
                    throw new UsageError("--force is read only with FILE: name the file, or leave out --force");
                }
                final String text = new String(digits, StandardCharsets.US_ASCII);
                output.line(text);
                output.object(Map.of("psk", text));
                return;
            }
            SecretFile.write(file, ByteBuffer.wrap(digits), force);
            output.note("wrote " + file + ": secret, for the two ends of one link");
            output.object(Map.of("file", file.toString()));
        } finally {
            Arrays.fill(digits, (byte) 0);
        }
    }
}
