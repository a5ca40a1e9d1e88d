package io.millrace.cli;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.millrace.relay.RelayEngine;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.Instruction;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.LocalVariable;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each form of text has one reader and one writer, so that a file or address that one command takes, all take. */
class TextFormsTest {
    private static final String ROOT = "io.millrace.cli.";
    private static final Set<String> TO_TEXT = Set.of("java/lang/String.valueOf", "java/lang/StringBuilder.append");
    private static final Set<String> ADDRESSES =
            Set.of("Ljava/net/InetSocketAddress;", "Ljava/net/SocketAddress;", "Ljava/net/InetAddress;");

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

    /** Joined to a text, an address is one that the program does not take: {@code /127.0.0.1:9001}. */
    @Test
    void noAddressIsJoinedToAText() throws Exception {
        final List<String> found = new ArrayList<>();
        for (Class<?> one : List.of(Millrace.class, RelayEngine.class)) {
            final Path place = Path.of(
                    one.getProtectionDomain().getCodeSource().getLocation().toURI());
            if (Files.isDirectory(place)) {
                joinedAddresses(place, found);
            } else {
                try (FileSystem jar = FileSystems.newFileSystem(place)) {
                    joinedAddresses(jar.getPath("/"), found);
                }
            }
        }
        assertThat(found).isEmpty();
    }

    private static void joinedAddresses(Path root, List<String> found) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(each -> each.toString().endsWith(".class"))
                    .filter(each -> each.toString().contains("millrace"))
                    .toList()) {
                for (MethodModel method :
                        ClassFile.of().parse(Files.readAllBytes(file)).methods()) {
                    method.code()
                            .filter(TextFormsTest::joinsAnAddress)
                            .ifPresent(code -> found.add(file + " " + method.methodName()));
                }
            }
        }
    }

    /** Whether an address, as the instruction before gave it, becomes a text. */
    private static boolean joinsAnAddress(CodeModel code) {
        final Map<Integer, String> locals = new HashMap<>();
        String given = "";
        for (CodeElement each : code) {
            if (each instanceof LocalVariable local) {
                locals.put(local.slot(), local.typeSymbol().descriptorString());
            } else if (each instanceof Instruction) {
                if (each instanceof InvokeInstruction call
                        && TO_TEXT.contains(call.owner().asInternalName() + "." + call.name())
                        && ADDRESSES.contains(given)) {
                    return true;
                }
                given = switch (each) {
                    case InvokeInstruction call ->
                        call.typeSymbol().returnType().descriptorString();
                    case FieldInstruction field -> field.typeSymbol().descriptorString();
                    case LoadInstruction load -> locals.getOrDefault(load.slot(), "");
                    default -> "";
                };
            }
        }
        return false;
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
