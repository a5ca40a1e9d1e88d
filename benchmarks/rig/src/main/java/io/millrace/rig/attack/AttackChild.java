package io.millrace.rig.attack;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.rig.process.Answers;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;

/**
 * The attackers of {@code bench flood --attacks}, in another process, {@code attack}. Obeys lines,
 * answers each with one line of JSON, and ends when the lines do:
 *
 * <pre>
 *   {Setup}          begins an attack; answered once it has begun
 *   burn PROCESSORS  uses so many processor seconds a second for nothing; answered at once
 *   stop             ends either; answered with {Result} when its last connection is closed
 * </pre>
 */
public final class AttackChild {
    static final String BURN = "burn ";

    private static final JsonMapper JSON = new JsonMapper();

    /**
     * An attack.
     *
     * @param source addresses of the attackers.
     * @param port of the server, at the source's {@link AttackSource#server}.
     * @param publicKey of the server, in hexadecimal; for an attack on links, the seed of {@link LinkBed}.
     */
    record Setup(Attack attack, AttackSource source, int port, String publicKey) {}

    /**
     * Effort of the attackers.
     *
     * @param connections that they made; datagrams that they sent, if they attack links.
     * @param failed attempts that came to no connection; datagrams that the system refused.
     * @param cpuSeconds processor time of their process, its start excluded.
     * @param seconds from the beginning to the end.
     */
    record Result(long connections, long failed, double cpuSeconds, double seconds) {}

    /** Attackers of one attack. Belongs to one thread. */
    interface Force extends AutoCloseable {
        /** Whether they can go on with that attack. */
        boolean isFor(Setup setup);

        /** Begins, or goes on. */
        void start();

        /** Ends it, and waits for that. */
        void stop();

        /** Connections made, or datagrams sent, since {@link #start}. */
        long connections();

        /** Attempts since {@link #start} that came to nothing. */
        long failed();

        @Override
        void close();
    }

    /** Those that are kept for the next attack: their links take time to make. */
    private LinkAttackers links;

    private final BufferedReader commands;
    private final Answers answers;

    /**
     * Makes the attackers.
     *
     * @param commands lines of the process that started this one.
     * @param answers takes one line for each.
     */
    public AttackChild(BufferedReader commands, Answers answers) {
        this.commands = commands;
        this.answers = answers;
    }

    /**
     * Obeys until no line is left.
     *
     * @throws IOException if a line is no command, an answer cannot be written or no connection can be made.
     */
    public void serve() throws IOException {
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            final long startNs = System.nanoTime();
            final long cpuNs = cpuNs();
            if (line.startsWith(BURN)) {
                try (Burner burner = new Burner(Double.parseDouble(line.substring(BURN.length())))) {
                    burner.start();
                    answers.println("{}");
                    commands.readLine();
                }
                answer(0, 0, cpuNs, startNs);
            } else {
                attack(JSON.readValue(line, Setup.class), cpuNs, startNs);
            }
        }
        forgetLinks();
    }

    private void attack(Setup setup, long cpuNs, long startNs) throws IOException {
        if (!setup.attack().isOnLinks()) {
            forgetLinks();
            try (Attackers attackers = new Attackers(setup)) {
                attack(attackers, cpuNs, startNs);
            }
            return;
        }
        if (links != null && !links.isFor(setup)) {
            forgetLinks();
        }
        if (links == null) {
            links = new LinkAttackers(setup);
        }
        attack(links, cpuNs, startNs);
    }

    private void attack(Force attackers, long cpuNs, long startNs) throws IOException {
        attackers.start();
        answers.println("{}");
        commands.readLine();
        attackers.stop();
        answer(attackers.connections(), attackers.failed(), cpuNs, startNs);
    }

    private void forgetLinks() {
        if (links != null) {
            links.close();
            links = null;
        }
    }

    private void answer(long connections, long failed, long cpuNs, long startNs) throws IOException {
        answers.println(JSON.writeValueAsString(
                new Result(connections, failed, (cpuNs() - cpuNs) / 1e9, (System.nanoTime() - startNs) / 1e9)));
    }

    private static long cpuNs() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }
}
