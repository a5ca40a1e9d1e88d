package io.millrace.rig.htx;

import java.util.Map;

/**
 * Figures of {@code bench htx}; also its form in JSON. Frames have 1,024 bytes of payload and are sealed and opened by one
 * thread. Handshakes are whole: both ends, from no state to the keys of the session.
 *
 * @param cpu processor and number of cores of the machine.
 * @param jdk version of the JDK.
 * @param libsodium version of libsodium, and where it comes from.
 * @param provider that seals and opens, as for the sessions of an endpoint.
 * @param handshakesPerSecondPerCore handshakes in memory per second of processor time: 1e9 / {@code handshakeCpuNs}.
 * @param handshakeCpuNs processor time of one handshake in memory, both ends together.
 * @param handshakeResponderCpuNs the responder's part of it.
 * @param handshakeKemCpuNs key generation, encapsulation and decapsulation of ML-KEM-768 alone; the rest of {@code
 *     handshakeCpuNs} is X25519, hashes, ciphers and memory.
 * @param tcpHandshakesPerSecond connections over loopback, one after the other, from {@code connect} to the session: 1e9 / wall
 *     time of one.
 * @param tcpHandshakeCpuNs processor time of the process per such connection, its orderly end included.
 * @param framesPerSecondPerCore frames that are sealed and opened one by one.
 * @param frameNs one frame sealed and opened, in nanoseconds.
 * @param bareAeadNs the AEAD alone over the same bytes, in nanoseconds.
 * @param aeadRatio bare AEAD time over frame time, both one by one: 1 if frames cost no more than their encryption.
 * @param allocatedBytesPerFrame heap bytes.
 * @param together frames that were sealed and opened together.
 * @param togetherFrameNs time of one of them.
 * @param togetherAeadNs bare AEAD over the same bytes in the same batches.
 * @param togetherGain {@code frameNs} over {@code togetherFrameNs}.
 * @param sessionNs the same frame written to a stream, sent, received and read.
 * @param bulkKibNs one KiB of writes of 64 KiB to a stream, sent, received and read.
 * @param streams that shared one session.
 * @param leastBytes moved by the slowest of them.
 * @param mostBytes moved by the fastest.
 * @param unfairness (most - least) / least.
 * @param framesNs latency percentiles without a change of key.
 * @param rekeyFramesNs the same with a change every 65,536 frames.
 * @param rekeyTailRatio p99.99 of {@code rekeyFramesNs} over that of {@code framesNs}, which took turns: 1 if changes of
 *     key do not show in the tail.
 * @param changeNs the frames at which the key changed, prepared before, KEY_UPDATE included.
 * @param unpreparedChangeNs the same where the next key was made on the way.
 */
public record HtxBenchReport(
        String cpu,
        String jdk,
        String libsodium,
        String provider,
        double handshakesPerSecondPerCore,
        double handshakeCpuNs,
        double handshakeResponderCpuNs,
        double handshakeKemCpuNs,
        double tcpHandshakesPerSecond,
        double tcpHandshakeCpuNs,
        double framesPerSecondPerCore,
        double frameNs,
        double bareAeadNs,
        double aeadRatio,
        double allocatedBytesPerFrame,
        int together,
        double togetherFrameNs,
        double togetherAeadNs,
        double togetherGain,
        double sessionNs,
        double bulkKibNs,
        int streams,
        long leastBytes,
        long mostBytes,
        double unfairness,
        Map<String, Long> framesNs,
        Map<String, Long> rekeyFramesNs,
        double rekeyTailRatio,
        Map<String, Long> changeNs,
        Map<String, Long> unpreparedChangeNs) {
    private static final double LEAST_RATIO = 0.85;
    private static final double MOST_UNFAIRNESS = 0.1;

    /** Whether the figures meet the design's goals. */
    public boolean passed() {
        return aeadRatio >= LEAST_RATIO && allocatedBytesPerFrame < 1 && unfairness <= MOST_UNFAIRNESS;
    }
}
