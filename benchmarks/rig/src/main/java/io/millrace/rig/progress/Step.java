package io.millrace.rig.progress;

import java.time.Duration;

/**
 * A step of a measurement that begins.
 *
 * @param number of the step, from 1.
 * @param count steps in all; 0 if the measurement finds out as it goes.
 * @param name of the step for people, one line, never empty.
 * @param planned how long the step takes by plan.
 * @param elapsed time since the measurement began.
 * @param left estimate of the time until the measurement ends, this step included; not negative.
 */
public record Step(int number, int count, String name, Duration planned, Duration elapsed, Duration left) {}
