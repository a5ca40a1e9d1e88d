package io.millrace.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

class ErrorLineTest {
    private final StringWriter err = new StringWriter();

    static Stream<Arguments> whatTheUserCanMendIsOneLineAndExitCode2() {
        return Stream.of(
                Arguments.of(new UsageError("f: bad port: listen=x"), "f: bad port: listen=x"),
                Arguments.of(new NoSuchFileException("/a"), "no such file: /a"),
                Arguments.of(new AccessDeniedException("/a"), "permission denied: /a"),
                Arguments.of(new FileNotFoundException("/a (Is a directory)"), "cannot open: /a (Is a directory)"),
                Arguments.of(new FileSystemException("/a", null, "Is a directory"), "Is a directory: /a"),
                Arguments.of(new BindException("Address already in use"), "Address already in use"),
                Arguments.of(new UncheckedIOException(new IOException("two\n  lines")), "two lines"));
    }

    @ParameterizedTest
    @MethodSource
    void whatTheUserCanMendIsOneLineAndExitCode2(Exception thrown, String line) {
        assertThat(ErrorLine.ofCommand(thrown, command(), false)).isEqualTo(ExitCode.USAGE);
        assertThat(err).hasToString("millrace: " + line + System.lineSeparator());
    }

    @Test
    void aFaultIsOneLineThatSaysHowToSeeMore() {
        assertThat(ErrorLine.ofCommand(new IllegalStateException("broken"), command(), false))
                .isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("broken", "--verbose").hasLineCount(1);
    }

    @Test
    void verboseShowsTheStackTrace() {
        assertThat(ErrorLine.ofCommand(new AssertionError("broken"), command(), true))
                .isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("broken", "at " + ErrorLineTest.class.getName());
    }

    private CommandLine command() {
        return new CommandLine(CommandSpec.create()).setErr(new PrintWriter(err));
    }
}
