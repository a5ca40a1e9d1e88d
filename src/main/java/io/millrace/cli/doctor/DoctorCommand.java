package io.millrace.cli.doctor;

import io.millrace.cli.console.ExitCode;
import io.millrace.cli.console.Output;
import io.millrace.cli.console.ProgramCommand;
import io.millrace.cli.console.Table;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;

/** {@code doctor}: fitness of this machine for a relay. */
@Command(
        name = "doctor",
        description = {
            "Checks this machine, and says how to mend each finding.",
            "Exit 0 if a relay can run here, 1 if not."
        })
public final class DoctorCommand extends ProgramCommand {
    @Override
    protected int run(Output output) {
        final List<Finding> findings = probes().stream().map(Probe::look).toList();
        final boolean ready = findings.stream().noneMatch(finding -> finding.status() == Finding.Status.MISSING);

        final Table table = new Table("", "status", "found", "remedy");
        final Map<String, Object> checks = new LinkedHashMap<>();
        for (final Finding finding : findings) {
            final String status = finding.status().name().toLowerCase(Locale.ROOT);
            table.row(finding.name(), status, finding.value(), finding.remedy());
            final Map<String, String> check = new LinkedHashMap<>();
            check.put("status", status);
            check.put("value", finding.value());
            check.put("remedy", finding.remedy());
            checks.put(camelCase(finding.name()), check);
        }
        output.table(table);
        output.line(ready ? "A relay can run here." : "No relay can run here: see the findings.");
        final Map<String, Object> json = new LinkedHashMap<>();
        json.put("ready", ready);
        json.put("checks", checks);
        output.object(json);
        return ready ? ExitCode.OK : ExitCode.FAILED;
    }

    private static String camelCase(String name) {
        return Pattern.compile("[ -](.)")
                .matcher(name)
                .replaceAll(match -> match.group(1).toUpperCase(Locale.ROOT));
    }

    private static List<Probe> probes() {
        return List.of(
                new JdkProbe(),
                new CpuProbe(Path.of("/proc/cpuinfo")),
                new MemoryLockProbe(Path.of("/proc/self/limits")),
                new SodiumProbe(),
                new ProviderProbe(),
                new SelfCheckProbe(),
                new UdpProbe(),
                new CompilerProbe(Objects.requireNonNullElse(System.getenv("PATH"), "")));
    }
}
