package io.millrace.rig;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.millrace.relay.RelayEngine;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Which package of the rig may import which. One package a measurement, over a ground that knows none of them. */
class RigPackagesTest {
    private static final String ROOT = "io.millrace.rig.";

    /** Packages that import no other package of the rig, and that every other may import. */
    private static final Set<String> GROUND = Set.of("chart", "input", "judge", "measure", "process", "progress");

    /** For every other package: which packages it may import in addition to the ground. */
    private static final Map<String, Set<String>> MAY_IMPORT = Map.ofEntries(
            entry("bed", Set.of()),
            entry("crypto", Set.of()),
            entry("receipts", Set.of("bed")),
            entry("matrix", Set.of("bed", "crypto")),
            entry("cores", Set.of("bed")),
            entry("htx", Set.of()),
            entry("flood", Set.of()),
            entry("attack", Set.of("bed", "flood")),
            entry("twin", Set.of()),
            entry("bench", Set.of("bed", "crypto", "receipts", "recording")),
            entry("knee.subject", Set.of("bed", "crypto", "recording")),
            entry("recording", Set.of("bed")),
            entry("knee", Set.of("bed", "knee.subject")),
            entry("report", Set.of()),
            entry("explain", Set.of()));

    private final JavaClasses rig = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.millrace.rig");

    @Test
    void everyPackageHasItsPlaceInTheTable() {
        final Set<String> packages = new TreeSet<>();
        rig.stream()
                .map(type -> type.getPackageName())
                .filter(name -> name.startsWith(ROOT))
                .map(name -> name.substring(ROOT.length()))
                .forEach(packages::add);

        final Set<String> table = new TreeSet<>(MAY_IMPORT.keySet());
        table.addAll(GROUND);
        assertThat(packages).isEqualTo(table);
    }

    @Test
    void packagesImportOnlyTheirRowOfTheTable() {
        GROUND.forEach(name -> requireOnly(name, Set.of()));
        MAY_IMPORT.forEach((name, allowed) -> {
            final Set<String> all = new TreeSet<>(GROUND);
            all.addAll(allowed);
            requireOnly(name, all);
        });
    }

    @Test
    void theTableHasNoCycle() {
        final Set<String> placed = new TreeSet<>(GROUND);
        int before;
        do {
            before = placed.size();
            MAY_IMPORT.forEach((name, allowed) -> {
                if (placed.containsAll(allowed)) {
                    placed.add(name);
                }
            });
        } while (placed.size() > before);

        assertThat(placed).containsAll(MAY_IMPORT.keySet());
    }

    @Test
    void theRigKnowsNoCommandAndPrintsNothing() {
        noClasses()
                .should()
                .dependOnClassesThat(resideInAnyPackage("io.millrace.cli..", "picocli.."))
                .check(rig);
        noClasses()
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .check(rig);
    }

    /** An attack measures links, and its relay has no settings of a file. */
    @Test
    void enginesAreMadeFromSettingsAsTheRelaysAre() {
        noClasses()
                .that(not(resideInAPackage(ROOT + "attack")))
                .should()
                .callMethod(RelayEngine.class, "builder")
                .check(rig);
    }

    private void requireOnly(String name, Set<String> allowed) {
        final Set<String> all = new TreeSet<>(allowed);
        all.add(name);
        final String[] packages = all.stream().map(each -> ROOT + each).toArray(String[]::new);
        classes()
                .that(resideInAPackage(ROOT + name))
                .should()
                .onlyDependOnClassesThat(
                        not(resideInAPackage("io.millrace.rig..")).or(resideInAnyPackage(packages)))
                .check(rig);
    }
}
