package io.millrace.rig.flood;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.management.OperatingSystemMXBean;
import io.millrace.crypto.Randomness;
import io.millrace.crypto.SecureRandomness;
import io.millrace.crypto.X25519KeyPair;
import io.millrace.crypto.provider.CryptoProviders;
import io.millrace.htx.admission.TicketKey;
import io.millrace.rig.process.Answers;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * The attackers of {@code bench flood}, in another process, {@code flood-attack}. Obeys lines, answers
 * each with one line of JSON, and ends when the lines do, until when slow readers stay:
 *
 * <pre>
 *   {Setup}   first of all; answered with the number of each kind when all that they will say is made
 *   go        answered with {Result} when the server has closed all but those with a session
 * </pre>
 */
public final class FloodChild {
    private static final JsonMapper JSON = new JsonMapper();

    /**
     * Whom to attack.
     *
     * @param port of the server, on loopback.
     * @param publicKey of the server, in hexadecimal.
     */
    record Setup(int port, String publicKey, int attackers) {}

    /** Processor time of the attackers' process. */
    record Result(double seconds, double cpuSeconds) {}

    private FloodChild() {}

    /**
     * Obeys until no line is left.
     *
     * @param commands lines of the process that started this one.
     * @param answers takes one line for each.
     * @throws IOException if a line is no command, an answer cannot be written or no connection can be made.
     */
    public static void serve(BufferedReader commands, Answers answers) throws IOException {
        final String first = commands.readLine();
        if (first == null) {
            return;
        }
        final Setup setup = JSON.readValue(first, Setup.class);
        final Randomness randomness = new SecureRandomness();
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment publicKey =
                    arena.allocateFrom(ValueLayout.JAVA_BYTE, HexFormat.of().parseHex(setup.publicKey()));
            try (X25519KeyPair own = X25519KeyPair.generate(randomness);
                    TicketKey ticketKey = TicketKey.open(publicKey);
                    FloodAttack attack = new FloodAttack(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), setup.port()),
                            setup.attackers(),
                            own,
                            publicKey,
                            ticketKey,
                            CryptoProviders.byName("sodium"),
                            randomness)) {
                answers.println(JSON.writeValueAsString(kinds(attack)));
                if (commands.readLine() != null) {
                    answers.println(JSON.writeValueAsString(attack(attack)));
                    commands.readLine();
                }
            }
        }
    }

    private static Map<String, Integer> kinds(FloodAttack attack) {
        final Map<String, Integer> kinds = new TreeMap<>();
        attack.kinds().forEach((kind, count) -> kinds.put(HtxFlood.name(kind), count));
        return kinds;
    }

    private static Result attack(FloodAttack attack) throws IOException {
        final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        final long cpuNs = system.getProcessCpuTime();
        final long start = System.nanoTime();
        while (!attack.isOver()) {
            attack.proceed();
        }
        return new Result((System.nanoTime() - start) / 1e9, (system.getProcessCpuTime() - cpuNs) / 1e9);
    }
}
