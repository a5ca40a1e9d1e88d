package io.millrace.rig.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JavaCommandLineTest {
    @Test
    void givesTheChildNothingThatTwoProcessesCannotHave() {
        final List<String> own = List.of(
                "-Dcom.sun.management.jmxremote.port=9010",
                "-Dcom.sun.management.jmxremote",
                "-agentlib:jdwp=transport=dt_socket,server=y,address=5005",
                "-javaagent:a.jar=8080",
                "-XX:StartFlightRecording=filename=x.jfr",
                "-XX:HeapDumpPath=/tmp/x",
                "-XX:ErrorFile=/tmp/x",
                "-Xlog:gc*:file=gc.log",
                "-XX:+UseZGC",
                "-Xmx8g",
                "-XX:AOTCacheOutput=x");
        final List<String> shared = List.of(
                "--enable-native-access=ALL-UNNAMED",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "-Djava.io.tmpdir=/x");
        final List<String> both = new ArrayList<>(own);
        both.addAll(shared);

        assertThat(JavaCommand.of("Main", both, "", List.of("doctor")))
                .containsAll(shared)
                .doesNotContainAnyElementsOf(own);
        assertThat(JavaCommand.notPassedOn(both)).containsAll(own.subList(0, 9)).doesNotContainAnyElementsOf(shared);
        assertThat(JavaCommand.of("Main", both, " -XX:+UseZGC  -Dx=y ", List.of("doctor")))
                .contains("-XX:+UseZGC", "-Dx=y")
                .doesNotContain("-XX:+UseSerialGC");
    }

    @Test
    void takesTheOptionsOutOfTheEnvironment() {
        final Map<String, String> environment = new HashMap<>(Map.of(
                "JAVA_TOOL_OPTIONS",
                "-Dx",
                "_JAVA_OPTIONS",
                "-Dx",
                "JDK_JAVA_OPTIONS",
                "-Dx",
                "MILLRACE_JAVA_OPTS",
                "-Dx"));
        environment.put("PATH", "/bin");
        JavaCommand.clean(environment);
        assertThat(environment).containsOnlyKeys("PATH");
    }
}
