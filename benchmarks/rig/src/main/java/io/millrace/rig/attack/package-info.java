/**
 * Measures legitimate sessions and newcomers under one attack at a time.
 *
 * <p>{@code AttackSuite} makes an {@code AttackMeasurement} for each attack and source, which ends in an {@code AttackRow} of
 * the {@code AttackReport}; {@code Newcomers} connect meanwhile. An {@code AttackTarget} is an {@code HtxTarget} or a
 * {@code LinkTarget}, whose keys are a {@code LinkBed}'s and whose legitimate peers are a {@code LinkLoad} of
 * {@code LinkNeighbour}s. {@code AttackProcess} is the measuring end of the attackers' process, {@code AttackChild} the other,
 * which drives {@code Attackers} ({@code FrameFlood} for those with a session) or {@code LinkAttackers}.
 * {@code PairedRatios} compares slices of {@code AttackTimes} with and without an attack; a {@code Burner} uses as much
 * processor time in the slices without.
 */
package io.millrace.rig.attack;
