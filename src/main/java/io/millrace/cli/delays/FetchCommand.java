package io.millrace.cli.delays;

import io.millrace.cli.console.ExitCode;
import io.millrace.cli.console.Figures;
import io.millrace.cli.console.Output;
import io.millrace.cli.console.PathKind;
import io.millrace.cli.console.PathOption;
import io.millrace.cli.console.ProgramCommand;
import io.millrace.cli.console.UsageError;
import io.millrace.directory.DelayDisclosure;
import io.millrace.directory.DescriptorStore;
import io.millrace.directory.DocumentException;
import io.millrace.directory.FolderPublisher;
import io.millrace.directory.IdentityKey;
import io.millrace.directory.RelayDescriptor;
import io.millrace.http.DocumentSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code delays fetch}: copies a relay's signed documents into a folder. */
@Command(
        name = "fetch",
        description = {
            "Fetches the descriptor and the disclosures of a relay.",
            "They go into DIR/ID, where ID is its identity id.",
            "Checks every signature. Fetches only epochs that are newer than those in the folder."
        })
public final class FetchCommand extends ProgramCommand {
    @Option(
            names = "--from",
            required = true,
            paramLabel = "DIR|URL",
            description = "The folder or the HTTP endpoint where the relay publishes.")
    private String from;

    @Option(
            names = "--identity",
            required = true,
            paramLabel = "HEX",
            description = "The relay's identity key, as keygen prints it.")
    private String identityHex;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "The folder for fetched documents.")
    @PathOption(PathKind.WRITTEN_FOLDER)
    private Path out;

    @Override
    protected int run(Output output) throws IOException {
        final IdentityKey identity = Identities.read(identityHex);
        final DocumentSource source;
        try {
            source = DocumentSource.of(from);
        } catch (IllegalArgumentException e) {
            throw new UsageError("--from: " + e.getMessage(), e);
        }
        final Path folder = out.resolve(identity.idHex());
        try {
            final RelayDescriptor descriptor =
                    DescriptorStore.open(folder, identity).offer(source.descriptor());
            final FolderPublisher copies = FolderPublisher.open(folder, FolderPublisher.DEFAULT_CAPACITY);
            copies.publish(descriptor);
            final int fetched = fetch(source, identity, copies);
            report(output, identity, folder, descriptor, copies, fetched);
            return ExitCode.OK;
        } catch (DocumentException e) {
            output.note("millrace: " + from + ": " + e.getMessage());
            output.object(Map.of("identity", identity.toString(), "refused", e.getMessage()));
            return ExitCode.FAILED;
        }
    }

    /** The epochs after those that are there; without any, all from the newest backwards. */
    private static int fetch(DocumentSource source, IdentityKey identity, FolderPublisher copies)
            throws IOException, DocumentException {
        final Optional<byte[]> newest = source.latest();
        if (newest.isEmpty()) {
            return 0;
        }
        final long last = DelayDisclosure.decode(newest.get(), identity).epoch();
        final OptionalLong known = copies.latest();
        final long least =
                Math.max(known.isPresent() ? known.getAsLong() + 1 : 0, last - FolderPublisher.DEFAULT_CAPACITY + 1);
        int fetched = 0;
        for (long epoch = last; epoch >= least; epoch--) {
            final Optional<byte[]> document = source.disclosure(epoch);
            if (document.isEmpty()) {
                break; // a gap among later ones shows when they are verified
            }
            final DelayDisclosure disclosure = DelayDisclosure.decode(document.get(), identity);
            if (disclosure.epoch() != epoch) {
                throw new DocumentException("epoch " + disclosure.epoch() + " is published as epoch " + epoch);
            }
            copies.publish(disclosure);
            fetched++;
        }
        return fetched;
    }

    private static void report(
            Output output,
            IdentityKey identity,
            Path folder,
            RelayDescriptor descriptor,
            FolderPublisher copies,
            int fetched)
            throws IOException {
        output.line("descriptor " + descriptor.sequence() + " and " + Figures.counted(fetched, "new disclosure")
                + " of " + identity.idHex() + " in " + folder);
        final Map<String, Object> json = new LinkedHashMap<>();
        json.put("identity", identity.toString());
        json.put("identityId", identity.idHex());
        json.put("folder", folder.toString());
        json.put("sequence", descriptor.sequence());
        json.put("fetched", fetched);
        json.put("disclosures", copies.epochs().size());
        output.object(json);
    }
}
