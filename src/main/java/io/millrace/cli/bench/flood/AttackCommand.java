package io.millrace.cli.bench.flood;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.cli.console.AnswerLines;
import io.millrace.cli.console.ExitCode;
import io.millrace.cli.console.Output;
import io.millrace.cli.console.ProgramCommand;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Command;

/**
 * {@code attack}: the attackers of {@code bench --htx-attacks}, in a process of their own. Obeys lines on stdin, answers each
 * with one line of JSON on stdout, and ends when stdin does:
 *
 * <pre>
 *   {Setup}   begins an attack; answered once it has begun
 *   stop      ends it; answered with {Result} when its last connection is closed
 * </pre>
 */
@Command(
        name = "attack",
        hidden = true,
        description = "Runs the attackers of bench --htx-attacks; obeys lines on stdin.")
public final class AttackCommand extends ProgramCommand {
    private static final JsonMapper JSON = new JsonMapper();

    /**
     * An attack.
     *
     * @param source addresses of the attackers.
     * @param port of the server, at the source's {@link AttackSource#server}.
     * @param publicKey of the server, in hexadecimal.
     */
    record Setup(Attack attack, AttackSource source, int port, String publicKey) {}

    /**
     * Effort of the attackers.
     *
     * @param connections that they made.
     * @param failed attempts that came to no connection.
     * @param cpuSeconds processor time of their process, its start excluded.
     */
    record Result(long connections, long failed, double cpuSeconds) {}

    @Override
    protected int run(Output output) throws IOException {
        final BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        final AnswerLines answers = new AnswerLines();
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            final Setup setup = JSON.readValue(line, Setup.class);
            try (Attackers attackers = new Attackers(setup)) {
                final long cpuNs = cpuNs();
                attackers.start();
                answers.println("{}");
                commands.readLine();
                attackers.stop();
                answers.println(JSON.writeValueAsString(
                        new Result(attackers.connections(), attackers.failed(), (cpuNs() - cpuNs) / 1e9)));
            }
        }
        return ExitCode.OK;
    }

    private static long cpuNs() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }
}
