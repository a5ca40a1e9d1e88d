package io.millrace;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentInvoker;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.AgentTerminationException;
import org.agrona.concurrent.BusySpinIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.YieldingIdleStrategy;
import org.junit.jupiter.api.Test;

/** Who may import whom. The table here is the design's; a new arrow is a decision, not an accident. */
class PackageGraphTest {
    private static final String ROOT = "io.millrace.";

    /** Packages that import nothing of ours but {@code memory}, and that all others may import. */
    private static final Set<String> GROUND = Set.of("memory", "metrics", "config", "cbor", "thread", "text", "files");

    /** For every other package: allowed imports other than the ground and itself. */
    private static final Map<String, Set<String>> MAY_IMPORT = Map.ofEntries(
            entry("crypto", Set.of("natives")),
            entry("crypto.provider", Set.of("natives", "crypto")),
            entry("sphinx", Set.of("crypto", "crypto.provider")),
            entry("vrf", Set.of("crypto", "crypto.provider")),
            entry("wheel", Set.of()),
            entry("noise", Set.of("crypto", "crypto.provider")),
            entry("htx.admission", Set.of("crypto")),
            entry("frame", Set.of("crypto", "crypto.provider", "noise")),
            entry("htx.handshake", Set.of("crypto", "noise", "htx.admission")),
            entry("htx.session", Set.of("crypto", "crypto.provider", "noise", "frame")),
            entry(
                    "htx.endpoint",
                    Set.of(
                            "htx.session",
                            "htx.handshake",
                            "htx.admission",
                            "frame",
                            "noise",
                            "crypto",
                            "crypto.provider")),
            entry("link", Set.of("frame", "htx.handshake", "htx.admission", "noise", "crypto", "crypto.provider")),
            entry("carrier", Set.of("natives")),
            // A journal is written under a key.
            entry("store", Set.of("crypto")),
            // Formats of a transparency log, verified without one.
            entry("tlog", Set.of("crypto")),
            entry("receipt", Set.of("tlog", "crypto", "store")),
            // State types know nothing; operations are signed and hashed; a replica keeps them in a log of a store.
            entry("crdt.type", Set.of("crypto")),
            entry("crdt.op", Set.of("crdt.type", "crypto")),
            entry("crdt", Set.of("crdt.op", "crdt.type", "crypto", "store")),
            entry("crdt.sync", Set.of("crdt", "crdt.op", "crdt.type")),
            // Maps in a store: the index of a receipt log, the state of a document.
            entry("map", Set.of("crdt.type", "crypto", "receipt", "store", "tlog")),
            // The rooms of the engine, the lower ones first. Those that applications use know no other but packet.
            entry("relay.packet", Set.of("sphinx", "link")),
            entry("relay.epoch", Set.of("sphinx", "vrf", "store", "carrier")),
            entry("relay.peer", Set.of("sphinx", "link")),
            entry("relay.thread", Set.of("carrier", "link")),
            entry("relay.queue", Set.of()),
            entry("relay.trace", Set.of("relay.packet")),
            entry(
                    "relay.receipts",
                    Set.of("relay.packet", "relay.thread", "receipt", "tlog", "link", "sphinx", "crypto")),
            entry(
                    "relay.live",
                    Set.of(
                            "relay.epoch",
                            "relay.peer",
                            "relay.queue",
                            "relay.thread",
                            "relay.trace",
                            "relay.receipts",
                            "carrier",
                            "link",
                            "sphinx",
                            "vrf",
                            "receipt",
                            "crypto")),
            entry(
                    "relay.stage",
                    Set.of(
                            "relay.packet",
                            "relay.epoch",
                            "relay.queue",
                            "relay.live",
                            "relay.receipts",
                            "relay.trace",
                            "crypto",
                            "crypto.provider",
                            "frame",
                            "link",
                            "sphinx",
                            "vrf",
                            "wheel")),
            entry(
                    "relay",
                    Set.of(
                            "relay.packet",
                            "relay.epoch",
                            "relay.peer",
                            "relay.thread",
                            "relay.queue",
                            "relay.trace",
                            "relay.receipts",
                            "relay.live",
                            "relay.stage",
                            "carrier",
                            "sphinx",
                            "vrf",
                            "wheel",
                            "link",
                            "crypto",
                            "crypto.provider",
                            "tlog",
                            "receipt")),
            // Documents about the engine's keys and delays; the engine itself knows none of them.
            entry("directory", Set.of("crypto", "relay.epoch", "sphinx", "vrf")),
            entry("names", Set.of("text")),
            entry("http", Set.of("directory", "names", "text")),
            // A state machine: it knows neither the engine nor Sphinx.
            entry("transfer", Set.of("text")),
            entry(
                    "client",
                    Set.of(
                            "relay",
                            "relay.epoch",
                            "relay.packet",
                            "directory",
                            "transfer",
                            "sphinx",
                            "vrf",
                            "crypto",
                            "crypto.provider")),
            entry(
                    "node.metrics",
                    Set.of(
                            "relay",
                            "relay.epoch",
                            "relay.packet",
                            "relay.peer",
                            "relay.receipts",
                            "sphinx",
                            "link",
                            "http")),
            entry(
                    "node.counters",
                    Set.of("relay", "relay.epoch", "relay.packet", "relay.peer", "relay.receipts", "link", "sphinx")),
            entry("node.keys", Set.of("crypto", "directory", "sphinx", "vrf")),
            // A file with a secret is refused in one place.
            entry(
                    "node.config",
                    Set.of(
                            "sphinx",
                            "node.keys",
                            "crdt.op",
                            "crdt.type",
                            "crypto",
                            "crypto.provider",
                            "directory",
                            "htx.handshake",
                            "receipt",
                            "relay.epoch",
                            "relay.receipts",
                            "vrf")),
            entry(
                    "node",
                    Set.of(
                            "node.config",
                            "node.keys",
                            "node.metrics",
                            "node.counters",
                            "client",
                            "directory",
                            "http",
                            "names",
                            "relay",
                            "relay.epoch",
                            "relay.packet",
                            "relay.peer",
                            "relay.receipts",
                            "store",
                            "carrier",
                            "receipt",
                            "tlog",
                            "link",
                            "frame",
                            "htx.handshake",
                            "sphinx",
                            "vrf",
                            "crypto",
                            "crypto.provider")));

    private final JavaClasses engine = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(place -> !place.contains("/test-support/") && !place.contains("/millrace-test-"))
            .importPackages("io.millrace");

    @Test
    void everyPackageHasItsPlaceInTheTable() {
        final Set<String> packages = new TreeSet<>();
        engine.stream()
                .map(type -> type.getPackageName())
                .filter(name -> name.startsWith(ROOT))
                .map(name -> name.substring(ROOT.length()))
                .filter(name -> !name.startsWith("natives"))
                .forEach(packages::add);

        final Set<String> table = new TreeSet<>(MAY_IMPORT.keySet());
        table.addAll(GROUND);
        assertThat(packages).isEqualTo(table);
    }

    @Test
    void groundPackagesImportMemoryAtMost() {
        for (String name : GROUND) {
            noClasses()
                    .that(resideInAPackage(ROOT + name))
                    .should()
                    .dependOnClassesThat(resideInAPackage("io.millrace..")
                            .and(not(
                                    resideInAnyPackage(ROOT + name, ROOT + (name.equals("memory") ? name : "memory")))))
                    .check(engine);
        }
    }

    @Test
    void packagesImportOnlyWhatTheTableAllows() {
        MAY_IMPORT.forEach((name, allowed) -> {
            final Set<String> all = new TreeSet<>(GROUND);
            all.addAll(allowed);
            all.add(name);
            final String[] packages = all.stream().map(each -> ROOT + each).toArray(String[]::new);
            classes()
                    .that(resideInAPackage(ROOT + name))
                    .should()
                    .onlyDependOnClassesThat(
                            not(resideInAPackage("io.millrace..")).or(resideInAnyPackage(packages)))
                    .check(engine);
        });
    }

    @Test
    void onlyTheRelayKnowsTheDisruptor() {
        noClasses()
                .that(not(resideInAnyPackage(ROOT + "relay", ROOT + "relay.queue", ROOT + "relay.receipts")))
                .should()
                .dependOnClassesThat(resideInAPackage("com.lmax.."))
                .check(engine);
    }

    @Test
    void onlyTheMapsKnowChronicle() {
        noClasses()
                .that(not(resideInAPackage(ROOT + "map")))
                .should()
                .dependOnClassesThat(resideInAPackage("net.openhft.."))
                .check(engine);
    }

    /**
     * Agrona's buffers, queues, ring buffers and counters read {@code jdk.internal.misc}, which needs a JVM option. Of the
     * libraries, {@code node.counters} alone asks for it, and says so where it is missing.
     */
    private static final ArchRule NO_AGRONA_THAT_NEEDS_AN_OPTION = noClasses()
            .that(not(resideInAPackage(ROOT + "node.counters")))
            .should()
            .dependOnClassesThat(resideInAPackage("org.agrona..")
                    .and(not(resideInAPackage("org.agrona.collections")))
                    .and(not(belongToAnyOf(
                            ErrorHandler.class,
                            Agent.class,
                            AgentInvoker.class,
                            AgentRunner.class,
                            AgentTerminationException.class,
                            IdleStrategy.class,
                            BusySpinIdleStrategy.class,
                            SleepingMillisIdleStrategy.class,
                            YieldingIdleStrategy.class))));

    @Test
    void librariesNeedNoOptionOfTheJvmForAgrona() {
        NO_AGRONA_THAT_NEEDS_AN_OPTION.check(engine);
    }

    @Test
    void anAgronaBufferInALibraryIsFound() {
        final JavaClasses planted = new ClassFileImporter().importClasses(PlantedBuffer.class);
        assertThatThrownBy(() -> NO_AGRONA_THAT_NEEDS_AN_OPTION.check(planted))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("UnsafeBuffer");
    }

    /** Breaks the rule; never loaded. */
    private record PlantedBuffer(UnsafeBuffer buffer) {}

    @Test
    void noCycles() {
        SlicesRuleDefinition.slices()
                .matching("io.millrace.(**)")
                .should()
                .beFreeOfCycles()
                .check(engine);
    }

    @Test
    void noDumpingGrounds() {
        noClasses()
                .should()
                .resideInAnyPackage("..util..", "..common..", "..helper..", "..impl..")
                .check(engine);
    }
}
