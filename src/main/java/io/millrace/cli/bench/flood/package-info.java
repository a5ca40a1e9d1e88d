/**
 * {@code bench --htx-flood}: honest sessions while hostile connections of every kind come.
 *
 * <p>{@code HtxFlood} measures, in the process of the command, where {@code FloodServer} and {@code HonestClients} are too.
 * The attackers run in a separate process: {@code FloodProcess} is this end of it, the hidden command
 * {@code FloodCommand} the other, which drives {@code FloodAttack} and its {@code FloodAttacker}s. {@code FloodReport} is the
 * result, of two {@code FloodWave}s.
 *
 * <p>{@code bench --htx-attacks}: one attack at a time. {@code AttackSuite} makes an {@code AttackMeasurement} for each, which
 * ends in an {@code AttackRow} of the {@code AttackReport}; {@code Newcomers} try to get in meanwhile. An {@code AttackTarget}
 * is an {@code HtxTarget} or a {@code LinkTarget}, whose keys are a {@code LinkBed}'s and whose honest peers are a {@code
 * LinkLoad} of {@code LinkNeighbour}s. {@code AttackProcess} is this end of the attackers' process, the hidden command {@code
 * AttackCommand} the other, which drives {@code Attackers}, those with a session being a {@code FrameFlood}, or {@code
 * LinkAttackers}. {@code PairedRatios} compares slices of {@code AttackTimes} with and without
 * an attack; a {@code Burner} uses the attackers' processor time in those without.
 */
package io.millrace.cli.bench.flood;
