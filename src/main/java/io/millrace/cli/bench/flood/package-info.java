/**
 * {@code bench --htx-flood}: honest sessions while hostile connections of every kind come.
 *
 * <p>{@code HtxFlood} measures, in the process of the command, where {@code FloodServer} and {@code HonestClients} are too.
 * The attackers have a process of their own: {@code FloodProcess} is this end of it, the hidden command
 * {@code FloodCommand} the other, which drives {@code FloodAttack} and its {@code FloodAttacker}s. {@code FloodReport} is the
 * result, of two {@code FloodWave}s.
 */
package io.millrace.cli.bench.flood;
