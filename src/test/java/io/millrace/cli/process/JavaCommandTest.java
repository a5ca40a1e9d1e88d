package io.millrace.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.Millrace;
import io.millrace.cli.ProgramRun;
import io.millrace.rig.process.ChildEvent;
import io.millrace.rig.process.ChildProcess;
import io.millrace.rig.process.JavaCommand;
import io.millrace.rig.process.LineProcess;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

class JavaCommandTest {
    @Test
    void namesTheEntryPointBeforeTheArguments() {
        assertThat(JavaCommand.of(List.of("doctor", "--json")))
                .endsWith(System.getProperty("java.class.path"), Millrace.class.getName(), "doctor", "--json");
    }

    @Test
    void everyKindOfChildIsWithoutTheOptionsOfTheEnvironment() throws Exception {
        // A JVM says on stderr that it picked options up from its environment, before it does anything else.
        final ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Parent.class.getName());
        for (String variable : List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS")) {
            builder.environment().put(variable, "-Dmillrace.test=1");
        }
        final ProgramRun run = ProgramRun.ofProcess(builder);
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("child: ended 0").doesNotContain("Picked up");
        assertThat(run.err().split("Picked up", -1))
                .as("picked up by the parent alone: " + run.err())
                .hasSize(3);
    }

    /** Starts a child of each kind, and prints their output. */
    static final class Parent {
        private Parent() {}

        public static void main(String[] args) throws Exception {
            final BlockingQueue<ChildEvent> events = new LinkedBlockingQueue<>();
            ChildProcess.start("child", JavaCommand.of(List.of("--help")), events);
            final PrintStream out =
                    new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
            while (true) {
                final ChildEvent event = events.take();
                if (event instanceof ChildEvent.Exited exited) {
                    out.println("child: ended " + exited.exitCode());
                    break;
                }
                out.println(event);
            }
            LineProcess.start("lines", "none").close();
        }
    }

    @Test
    void givesTheChildASmallHeapOfItsOwn() {
        assertThat(JavaCommand.of(List.of()))
                .contains("-Xmx256m", "-XX:+UseSerialGC")
                .filteredOn(flag -> flag.startsWith("-Xmx"))
                .hasSize(1);
    }
}
