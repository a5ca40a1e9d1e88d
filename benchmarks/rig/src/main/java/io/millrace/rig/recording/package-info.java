/**
 * Flight recordings of a measured engine, for {@code explain}: {@code FlightRecording} is the entry.
 */
package io.millrace.rig.recording;
