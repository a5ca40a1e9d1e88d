/**
 * What {@code bench} measures: a whole relay engine between two neighbours, in one process and in a closed loop.
 *
 * <p>{@code BenchBed} has the keys of all three and the packets, which {@code RoutedPackets} prepares; {@code BenchSubject}
 * builds one engine on it, as a {@code MeasuredPath} says. {@code BenchCarrier} is both neighbours: upstream, a
 * {@code FrameSource} seals packets on the engine's I/O thread or ahead of it; downstream, {@code DownstreamPeer} looks
 * into some outgoing packets. {@code BenchJournal} and {@code ReceiptLoad} are the records of an engine, in temporary folders.
 *
 * <p>Knows no command, option or report, and takes no time: who measures reads the engine's counters and
 * {@code cli.measure}'s clocks. {@code knee} uses {@code PreparedPackets} and {@code LoopThread} alone.
 */
package io.millrace.cli.bench.bed;
