package io.millrace.cli.client;

import io.millrace.cli.console.UsageError;
import io.millrace.node.config.ClientFile;
import io.millrace.sphinx.SphinxProfile;
import picocli.CommandLine.Option;

/** The option {@code --profile} of clients; a picocli mixin. */
final class ProfileOption {
    @Option(
            names = "--profile",
            paramLabel = "NAME",
            description = "Wire profile of this client's key and of each public-key in CONFIG: mr1 or mr2 (default:"
                    + " profile in CONFIG).")
    private String profile;

    /** The file with the profile that the user named, if any. */
    ClientFile of(ClientFile file) {
        if (profile == null) {
            return file;
        }
        try {
            return file.with(SphinxProfile.byLabel(profile));
        } catch (IllegalArgumentException e) {
            throw new UsageError("--profile=" + profile + ": must be mr1 or mr2", e);
        }
    }
}
