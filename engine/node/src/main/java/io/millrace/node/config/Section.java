package io.millrace.node.config;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One table of a configuration file with all keys that it may have. A key that is not listed here is refused and appears in
 * no documentation.
 *
 * @param name such as {@code engine}.
 * @param repeated whether the file may have several, as {@code [[peer]]}.
 * @param sentence for people; complete.
 * @param keys in the order of the documentation.
 */
public record Section(String name, boolean repeated, String sentence, List<Key<?>> keys) {
    /** Copies the list. */
    public Section {
        keys = List.copyOf(keys);
    }

    /** The header as written in a file: {@code [engine]} or {@code [[peer]]}. */
    String header() {
        return repeated ? "[[" + name + "]]" : "[" + name + "]";
    }

    /** The key of this name, or of this name in files of earlier versions. */
    Optional<Key<?>> key(String written) {
        return keys.stream()
                .filter(key ->
                        key.name().equals(written) || key.formerly().stream().anyMatch(written::equals))
                .findFirst();
    }

    /** Names of all keys. */
    List<String> names() {
        return keys.stream().flatMap(key -> Stream.of(key.name())).toList();
    }
}
