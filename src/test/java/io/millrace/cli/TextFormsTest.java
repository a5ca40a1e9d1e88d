package io.millrace.cli;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Each form of text has one reader and one writer, so that a file or address that one command takes, all take. */
class TextFormsTest {
    private static final String ROOT = "io.millrace.cli.";

    private final JavaClasses program = new ClassFileImporter()
            .importUrl(Millrace.class.getProtectionDomain().getCodeSource().getLocation());

    /** Files of the kernel are ASCII and written by no editor. */
    @Test
    void textFilesAreReadInOnePlace() {
        forbid(
                "java.nio.file.Files",
                Set.of("readString", "readAllLines", "lines", "newBufferedReader"),
                "text",
                "htx",
                "doctor",
                "measure",
                "knee");
    }

    @Test
    void addressesArePrintedInOnePlace() {
        forbid("java.net.InetSocketAddress", Set.of("getHostString", "getHostName", "toString"), "text");
        forbid("java.net.InetAddress", Set.of("getHostAddress", "getHostName", "toString"), "text");
    }

    /** Setups of child processes and messages on the wire are in the program's own hexadecimal. */
    @Test
    void hexadecimalOfPeopleIsReadInOnePlace() {
        forbid(
                "java.util.HexFormat",
                Set.of("parseHex"),
                "text",
                "node",
                "transfer",
                "vectors",
                "knee",
                "trace",
                "doctor",
                "bench.flood");
    }

    private void forbid(String owner, Set<String> methods, String... allowed) {
        final String[] packages = new String[allowed.length];
        for (int i = 0; i < allowed.length; i++) {
            packages[i] = ROOT + allowed[i];
        }
        noClasses()
                .that(DescribedPredicate.not(resideInAnyPackage(packages)))
                .should()
                .callCodeUnitWhere(DescribedPredicate.describe(
                        owner + " " + methods,
                        (JavaCall<?> call) ->
                                call.getTargetOwner().getName().equals(owner) && methods.contains(call.getName())))
                .check(program);
    }
}
