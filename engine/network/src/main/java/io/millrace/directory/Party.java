package io.millrace.directory;

import java.util.Objects;

/**
 * A relay whose keys change, as a configuration names it.
 *
 * @param name for messages.
 * @param identity that must have signed its descriptor.
 * @param location of the descriptor: a URL or the absolute path of a folder.
 */
public record Party(String name, IdentityKey identity, String location) {
    public Party {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(identity, "identity");
        Objects.requireNonNull(location, "location");
    }
}
