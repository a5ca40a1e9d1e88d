/**
 * The engine under test between its neighbours, in one process and in a closed loop.
 *
 * <p>{@code BenchFixture} has the keys of all and the packets, which {@code PreparedSphinxPackets} prepares; {@code BenchSubject}
 * builds one engine on it, as a {@code MeasuredPath} says. {@code BenchCarrier} is the neighbours: upstream, a
 * {@code FrameSource} seals packets on the engine's I/O thread or ahead of it; downstream, {@code DownstreamPeer} opens some
 * of the outgoing frames. {@code BenchJournal} and {@code ReceiptLoad} are the engine's files, in temporary folders.
 *
 * <p>Knows no option and no report, and measures no time: its users read the engine's counters and the clocks of
 * {@code measure}. {@code knee} uses {@code PreparedPackets} and {@code LoopThread} alone.
 */
package io.millrace.rig.bed;
