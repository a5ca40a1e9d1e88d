package io.millrace.cli.bench;

import io.millrace.config.EngineConfig;
import io.millrace.receipt.SigningMode;
import io.millrace.vrf.DelayDistribution;
import io.millrace.vrf.DelayPolicy;
import java.util.Optional;

/**
 * What a run is to do.
 *
 * @param providerName crypto provider of the engine and of the neighbours.
 * @param config sizes and threads of the engine.
 * @param threading as it was asked for, for the report.
 * @param delay distribution of the delays.
 * @param policy who draws them; under SENDER every packet asks for none.
 * @param inside most packets in the engine at once, those on its wheel included; one is low load.
 * @param packets packets to prepare, all distinct.
 * @param journalled whether the replay set is journalled on disk.
 * @param warmupSeconds run before anything is counted.
 * @param seconds run that is counted.
 * @param slowPeelNs a deliberate slowdown of the peel stage in nanoseconds per packet; 0 but for tests of the gate.
 * @param receipts how receipts are signed; empty if none are made.
 */
record BenchOptions(
        String providerName,
        EngineConfig config,
        String threading,
        DelayDistribution delay,
        DelayPolicy policy,
        int inside,
        int packets,
        boolean journalled,
        int warmupSeconds,
        int seconds,
        long slowPeelNs,
        Optional<SigningMode> receipts) {}
