package io.millrace.node.config;

import io.millrace.htx.handshake.HybridMode;
import io.millrace.sphinx.SphinxProfile;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;

/**
 * The table {@code [relay]} or {@code [client]}: name, address and key of this program.
 *
 * @param name for people, in logs and tables.
 * @param listen where it receives; port 0 lets the system choose.
 * @param key its key file, absolute.
 * @param hybrid whether its links' handshakes are hybrid; {@code offered} by default.
 */
public record NodeEntry(String name, InetSocketAddress listen, Path key, HybridMode hybrid) {
    private static final Key<String> NAME = Key.of(
                    "name", ValueForms.text(), "r1", "Names this program in its logs and tables.")
            .required();

    private static final Key<InetSocketAddress> LISTEN = Key.of(
                    "listen",
                    ValueForms.address(),
                    "127.0.0.1:9001",
                    "Sets the address at which it receives; port 0 lets the system choose.")
            .required();

    private static final Key<Path> KEY = Key.of(
                    "key", ValueForms.file(), "r1.key", "Names its key file, as keygen writes it.")
            .required();

    private static final Key<HybridMode> HYBRID = Key.of(
                    "hybrid",
                    ValueForms.choice(List.of(HybridMode.values()), HybridMode::label),
                    "offered",
                    "Selects whether handshakes of links add ML-KEM-768 to X25519.")
            .or(HybridMode.OFFERED);

    /** Profile of a client's key and of the keys in its file; a relay has it in {@code [engine]}. */
    static final Key<SphinxProfile> PROFILE = Key.of(
                    "profile",
                    ValueForms.choice(List.of(SphinxProfile.values()), SphinxProfile::label),
                    "mr1",
                    "Selects the wire profile of this client's key and of each public-key in this file; relays with"
                            + " descriptors name theirs.")
            .or(SphinxProfile.MR1);

    /** The table of a relay. */
    static final Section RELAY =
            new Section("relay", false, "Sets name, address and key of a relay.", List.of(NAME, LISTEN, KEY, HYBRID));

    /** The table of a client. */
    static final Section CLIENT = new Section(
            "client", false, "Sets name, address and key of a client.", List.of(NAME, LISTEN, KEY, HYBRID, PROFILE));

    static NodeEntry of(Given given) {
        return new NodeEntry(given.value(NAME), given.value(LISTEN), given.value(KEY), given.value(HYBRID));
    }
}
