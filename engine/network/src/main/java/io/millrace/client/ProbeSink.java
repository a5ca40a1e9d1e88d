package io.millrace.client;

import io.millrace.directory.Probe;
import java.io.IOException;

/** Takes probes that have returned. */
@FunctionalInterface
public interface ProbeSink {
    /**
     * Keeps a probe.
     *
     * @param probe one that has returned.
     * @throws IOException if it cannot be kept; of the probe nothing stays then.
     */
    void append(Probe probe) throws IOException;
}
