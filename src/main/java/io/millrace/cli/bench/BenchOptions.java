package io.millrace.cli.bench;

import io.millrace.config.EngineConfig;
import io.millrace.receipt.SigningMode;
import io.millrace.vrf.DelayDistribution;
import io.millrace.vrf.DelayPolicy;
import java.util.Optional;

/**
 * What a run is to do.
 *
 * @param path how the relay works.
 * @param packets packets to prepare, all distinct.
 * @param warmupSeconds run before anything is counted.
 * @param seconds run that is counted.
 * @param slowPeelNs a deliberate slowdown of the peel stage in nanoseconds per packet; 0 but for tests of the gate.
 * @param recording file for a flight recording of the run; empty if there is to be none.
 * @param injected what makes packets late on purpose; nothing but for tests of {@code explain}.
 */
record BenchOptions(
        Path path,
        int packets,
        int warmupSeconds,
        int seconds,
        long slowPeelNs,
        Optional<java.nio.file.Path> recording,
        Injection injected) {
    /**
     * How the relay works that is measured.
     *
     * @param provider crypto provider of the engine and of the neighbours.
     * @param config sizes and threads of the engine.
     * @param threading as it was asked for, for the report.
     * @param delay distribution of the delays.
     * @param policy who draws them; under SENDER the packets ask for what was drawn when they were prepared.
     * @param inside most packets in the engine at once, those on its wheel included; one is low load.
     * @param replay how it remembers what it saw.
     * @param receipts how receipts are signed; empty if none are made.
     */
    record Path(
            String provider,
            EngineConfig config,
            String threading,
            DelayDistribution delay,
            DelayPolicy policy,
            int inside,
            ReplayMode replay,
            Optional<SigningMode> receipts) {
        Path with(EngineConfig other, String itsThreading) {
            return new Path(provider, other, itsThreading, delay, policy, inside, replay, receipts);
        }

        Path with(DelayPolicy other) {
            return new Path(provider, config, threading, delay, other, inside, replay, receipts);
        }

        Path with(ReplayMode other) {
            return new Path(provider, config, threading, delay, policy, inside, other, receipts);
        }

        Path with(Optional<SigningMode> other) {
            return new Path(provider, config, threading, delay, policy, inside, replay, other);
        }
    }
}
