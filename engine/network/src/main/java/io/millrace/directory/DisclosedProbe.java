package io.millrace.directory;

import java.util.Arrays;
import java.util.List;

/** A probe with the delay that the disclosures give for each passage. */
@SuppressWarnings("ArrayRecordComponent") // package-private: no caller changes or compares it
record DisclosedProbe(List<ProbeHop> hops, long elapsedNs, long[] delaysNs) {
    /** Time under way less all delays. */
    long restNs() {
        return elapsedNs - Arrays.stream(delaysNs).sum();
    }

    /** Whether some relay released the probe early by more than the tolerance per passage. */
    boolean isEarly(long toleranceNs) {
        return restNs() < -toleranceNs * hops.size();
    }

    /** Delay of all passages through a relay, in milliseconds. */
    double delayMs(IdentityKey relay) {
        long sumNs = 0;
        for (int i = 0; i < delaysNs.length; i++) {
            sumNs += hops.get(i).relay().equals(relay) ? delaysNs[i] : 0;
        }
        return sumNs / 1e6;
    }
}
