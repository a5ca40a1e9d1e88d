package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The launcher script, in a project of empty files with a JDK and a Maven that only print their arguments. */
class LauncherTest {
    private static final Path SCRIPT =
            Path.of("..", "millrace").toAbsolutePath().normalize();
    private static final FileTime LONG_AGO = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));
    private static final FileTime FAR_AHEAD = FileTime.from(Instant.parse("2099-01-01T00:00:00Z"));

    @TempDir
    private Path folder;

    private Path project;
    private Path jar;
    private Path source;
    private Path jdk;

    @BeforeEach
    void makeProject() throws IOException {
        project = Files.createDirectory(folder.resolve("a project"));
        Files.copy(SCRIPT, project.resolve("millrace"));
        source = project.resolve("engine/relay/src/main/java/A.java");
        for (final String file : new String[] {
            "pom.xml",
            "native-bindings/pom.xml",
            "engine/pom.xml",
            "engine/relay/pom.xml",
            "src/pom.xml",
            "native-bindings/src/main/java/B.java",
            "engine/relay/src/main/java/A.java",
            "src/main/java/C.java"
        }) {
            Files.createDirectories(project.resolve(file).getParent());
            Files.createFile(project.resolve(file));
        }
        try (Stream<Path> all = Files.walk(project)) {
            for (final Path path : all.toList()) {
                Files.setLastModifiedTime(path, LONG_AGO);
            }
        }
        jar = project.resolve("src/target/millrace.jar");
        jdk = makeJdk("jdk", "25.0.1");
        // Counts its calls, and is slow enough for two launches to meet only if the test lets it.
        script(
                "bin/mvn",
                "echo called >> '" + folder + "/calls'",
                "[ ! -e '" + folder + "/gate' ] || cat '" + folder + "/gate'",
                "echo \"java=$JAVA_HOME args=$*\"",
                "mkdir -p src/target",
                "touch src/target/millrace.jar");
    }

    @Test
    void buildsOnFirstUseAndThenNoMore() throws Exception {
        final ProgramRun first = launch("bench", "a b");
        final ProgramRun second = launch("bench", "a b");

        assertThat(first.exitCode()).isZero();
        assertThat(first.err()).contains("millrace: building (first use", "millrace: built in");
        assertThat(first.out()).isEqualTo(second.out()).endsWith("<-jar>\n<" + jar + ">\n<bench>\n<a b>\n");
        assertThat(second.err()).isEmpty();
        assertThat(folder.resolve("calls")).hasContent("called");
        assertThat(project.resolve("target/millrace-build.log")).content().contains("java=" + jdk, "-pl src -am");
    }

    @Test
    void buildsAgainWhenASourceIsNewer() throws Exception {
        launch();
        Files.setLastModifiedTime(source, FAR_AHEAD);

        final ProgramRun run = launch();

        assertThat(run.err()).contains("the sources changed");
        assertThat(folder.resolve("calls")).hasContent("called\ncalled");
    }

    @Test
    void whatIsEditedDuringABuildCountsAsChanged() throws Exception {
        // As if it had begun in 2021, and the source had been written a year later.
        script(
                "bin/mvn",
                "touch -t 202101010000 target/millrace.began",
                "touch -t 202201010000 '" + source + "'",
                "mkdir -p src/target",
                "touch src/target/millrace.jar");
        launch();

        assertThat(launch().err()).contains("the sources changed");
    }

    @Test
    void noBuildIfForbidden() throws Exception {
        final ProcessBuilder forbidden = builder("x");
        forbidden.environment().put("MILLRACE_NO_BUILD", "1");
        assertFails(ProgramRun.ofProcess(forbidden), "MILLRACE_NO_BUILD=1");

        Files.createDirectories(jar.getParent());
        Files.createFile(jar);
        Files.setLastModifiedTime(source, FAR_AHEAD);
        final ProgramRun run = ProgramRun.ofProcess(forbidden);
        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(folder.resolve("calls")).doesNotExist();
    }

    @Test
    @Timeout(300)
    void twoLaunchesBuildOnce() throws Exception {
        final Path gate = folder.resolve("gate");
        ProgramRun.ofProcess(new ProcessBuilder("mkfifo", gate.toString()));
        final Process first = builder().redirectErrorStream(true).start();
        final Process second = builder().redirectErrorStream(true).start();

        // The build reads the pipe until a writer has opened it and closed it again.
        Files.writeString(gate, "go");

        assertThat(first.waitFor()).isZero();
        assertThat(second.waitFor()).isZero();
        assertThat(folder.resolve("calls")).hasContent("called");
    }

    @Test
    void aFailedBuildShowsTheEndOfItsLog() throws Exception {
        script("bin/mvn", "echo 'cannot find symbol'", "exit 1");

        final ProgramRun run = launch();

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("cannot find symbol", "millrace: the build failed", "millrace-build.log");
    }

    @Test
    void worksThroughSymbolicLinksFromAnywhere() throws Exception {
        final Path bin = Files.createDirectory(folder.resolve("links"));
        Files.createSymbolicLink(bin.resolve("direct"), project.resolve("millrace"));
        Files.createSymbolicLink(bin.resolve("millrace"), Path.of("direct"));
        final ProcessBuilder builder = builder();
        builder.command(bin.resolve("millrace").toString(), "doctor").directory(folder.toFile());

        final ProgramRun run = ProgramRun.ofProcess(builder);

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("<" + jar + ">").endsWith("<doctor>\n");
    }

    @Test
    void passesTheFlagsAndTheUsersOwn() throws Exception {
        final ProcessBuilder builder = builder();
        builder.environment().put("MILLRACE_JAVA_OPTS", "-Xmx2g -XX:+UseZGC");

        final String out = ProgramRun.ofProcess(builder).out();

        assertThat(launch().out())
                .contains(
                        "<--enable-native-access=ALL-UNNAMED>",
                        "<--sun-misc-unsafe-memory-access=allow>",
                        "<-XX:+UseSerialGC>");
        assertThat(out).contains("<-Xmx2g>", "<-XX:+UseZGC>").doesNotContain("UseSerialGC");
        assertThat(out.indexOf("<-Xmx2g>")).isGreaterThan(out.indexOf("<-Xmx1g>"));
    }

    @Test
    void aJdkThatIsTooOldIsOneLine() throws Exception {
        final ProcessBuilder builder = builder();
        builder.environment()
                .put("MILLRACE_JAVA_HOME", makeJdk("old", "17.0.15").toString());

        assertFails(ProgramRun.ofProcess(builder), "MILLRACE_JAVA_HOME is not a JDK 25 or newer");
    }

    @Test
    void namesItsJdkWithoutABuild() throws Exception {
        final ProgramRun run = launch("--jdk");

        assertThat(run.out()).isEqualTo(jdk + "\n");
        assertThat(run.exitCode()).isZero();
        assertThat(folder.resolve("calls")).doesNotExist();
    }

    @Test
    void takesJavaHomeIfItFitsAndElseThePath() throws Exception {
        final Path newer = makeJdk("newer", "26-ea");
        final Path old = makeJdk("old", "17.0.15");
        final ProcessBuilder byHome = builder();
        byHome.environment().remove("MILLRACE_JAVA_HOME");
        byHome.environment().put("JAVA_HOME", newer.toString());
        assertThat(ProgramRun.ofProcess(byHome).out()).startsWith("java of " + newer);

        Files.createSymbolicLink(folder.resolve("bin/java"), newer.resolve("bin/java"));
        final ProcessBuilder byPath = builder();
        byPath.environment().remove("MILLRACE_JAVA_HOME");
        byPath.environment().put("JAVA_HOME", old.toString());
        assertThat(ProgramRun.ofProcess(byPath).out()).startsWith("java of " + newer);
    }

    @Test
    void closedDescriptorsAreTakenButCannotBeUsed() throws Exception {
        Files.createDirectories(jar.getParent());
        Files.createFile(jar);
        script(
                "jdk/bin/java",
                "for fd in 0 1 2; do [ -e /dev/fd/$fd ] || echo free >> '" + folder + "/seen'; done",
                "cat >/dev/null 2>&1 && echo read >> '" + folder + "/seen'",
                "(echo written) 2>/dev/null && echo written >> '" + folder + "/seen'",
                "echo ran >> '" + folder + "/seen'");
        for (String closed : List.of("<&-", ">&-", "<&- >&- 2>&-")) {
            final ProcessBuilder builder = builder();
            builder.command(
                    "sh",
                    "-c",
                    "exec \"$0\" " + closed,
                    project.resolve("millrace").toString());
            ProgramRun.ofProcess(builder);
        }

        assertThat(folder.resolve("seen")).hasContent("written\nran\nread\nran\nran");
    }

    @Test
    void javaRunsInUtf8AlsoInThePosixLocale() throws Exception {
        script("jdk/bin/java", "echo \"${LC_ALL:-none}\"");
        launch();

        for (String locale : List.of("C", "POSIX", "xx_XX.UTF-8")) {
            final ProcessBuilder builder = builder();
            builder.environment().put("LC_ALL", locale);
            assertThat(ProgramRun.ofProcess(builder).out()).as(locale).isEqualTo("C.UTF-8\n");
        }
        assertThat(launch().out()).isEqualTo("C.UTF-8\n");
        final ProcessBuilder utf8 = builder();
        utf8.environment().put("LANG", "C.UTF-8");
        assertThat(ProgramRun.ofProcess(utf8).out()).isEqualTo("none\n");
    }

    private ProgramRun launch(String... args) throws Exception {
        return ProgramRun.ofProcess(builder(args));
    }

    private ProcessBuilder builder(String... args) {
        final ProcessBuilder builder =
                new ProcessBuilder(project.resolve("millrace").toString());
        builder.command().addAll(List.of(args));
        builder.environment().clear();
        builder.environment().put("PATH", folder.resolve("bin") + ":/usr/bin:/bin");
        builder.environment().put("HOME", folder.toString());
        builder.environment().put("MILLRACE_JAVA_HOME", jdk.toString());
        return builder;
    }

    private Path makeJdk(String name, String version) throws IOException {
        final Path home = folder.resolve(name);
        script(name + "/bin/java", "echo \"java of " + home + "\"", "printf '<%s>\\n' \"$@\"");
        script(name + "/bin/javac");
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"X\"\nJAVA_VERSION=\"" + version + "\"\n");
        return home;
    }

    private void script(String name, String... lines) throws IOException {
        final Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static void assertFails(ProgramRun run, String why) {
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("millrace: ").contains(why).hasLineCount(1);
    }
}
