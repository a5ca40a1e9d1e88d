/**
 * The delay wheel: holds packet slots until they are due.
 *
 * <p>Knows slot numbers and times, nothing else: no packet, no protocol, no clock. One thread owns a wheel.
 */
package io.millrace.wheel;
