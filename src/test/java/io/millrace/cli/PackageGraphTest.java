package io.millrace.cli;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Which package of the program may import which. One package a command, over a ground that knows no command; a new arrow is
 * a decision, not an accident.
 */
class PackageGraphTest {
    private static final String PROGRAM = "io.millrace.cli";
    private static final String ROOT = PROGRAM + ".";

    /** Packages that import no other package of the program, and that every other may import. */
    private static final Set<String> GROUND = Set.of("console");

    /** For every other package: allowed imports other than the ground and itself. No row leads back to itself. */
    private static final Map<String, Set<String>> MAY_IMPORT = Map.ofEntries(
            entry("config", Set.of()),
            entry("keys", Set.of()),
            entry("delays", Set.of()),
            entry("receipts", Set.of()),
            entry("node", Set.of()),
            entry("client", Set.of("delays", "node")),
            entry("demo", Set.of()),
            entry("htx", Set.of()),
            entry("stat", Set.of()),
            entry("trace", Set.of()),
            entry("twin", Set.of()),
            entry("doctor", Set.of()),
            entry("explain", Set.of()),
            entry("report", Set.of()),
            entry("vectors", Set.of()),
            entry("bench", Set.of("config")),
            entry("knee", Set.of("config")));

    private final JavaClasses program = new ClassFileImporter()
            .importUrl(Millrace.class.getProtectionDomain().getCodeSource().getLocation());

    @Test
    void everyPackageHasItsPlaceInTheTable() {
        final Set<String> packages = new TreeSet<>();
        program.stream()
                .map(type -> type.getPackageName())
                .filter(name -> name.startsWith(ROOT))
                .map(name -> name.substring(ROOT.length()))
                .forEach(packages::add);

        final Set<String> table = new TreeSet<>(MAY_IMPORT.keySet());
        table.addAll(GROUND);
        assertThat(packages).isEqualTo(table);
    }

    @Test
    void groundPackagesImportNothingOfTheProgram() {
        for (String name : GROUND) {
            requireOnly(name, Set.of());
        }
    }

    @Test
    void packagesImportOnlyWhatTheTableAllows() {
        MAY_IMPORT.forEach((name, allowed) -> {
            final Set<String> all = new TreeSet<>(GROUND);
            all.addAll(allowed);
            requireOnly(name, all);
        });
    }

    @Test
    void nobodyImportsTheEntryPoint() {
        noClasses()
                .that(not(resideInAPackage(PROGRAM)))
                .should()
                .dependOnClassesThat(resideInAPackage(PROGRAM))
                .check(program);
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

    private void requireOnly(String name, Set<String> allowed) {
        final Set<String> all = new TreeSet<>(allowed);
        all.add(name);
        final String[] packages = all.stream().map(each -> ROOT + each).toArray(String[]::new);
        classes()
                .that(resideInAPackage(ROOT + name))
                .should()
                .onlyDependOnClassesThat(not(resideInAPackage(PROGRAM + "..")).or(resideInAnyPackage(packages)))
                .check(program);
    }
}
