/**
 * Measures legitimate sessions while many hostile connections of every kind arrive at once.
 *
 * <p>{@code HtxFlood} measures, in one process with {@code FloodServer} and {@code HonestClients}. The attackers are another
 * process: {@code FloodProcess} is the end of the measuring process, {@code FloodChild} the other, which drives
 * {@code FloodAttack} and its {@code FloodAttacker}s. {@code FloodReport} is the result, of two {@code FloodWave}s.
 */
package io.millrace.rig.flood;
