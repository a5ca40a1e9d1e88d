/**
 * Steps of a measurement, with an estimate of the time left. Knows no measurement and prints nothing: a
 * {@link io.millrace.rig.progress.ProgressListener} shows the steps.
 */
package io.millrace.rig.progress;
