/**
 * Key epochs as an application makes them and gets them back: the Sphinx key, the replay filter and the key of the delays
 * begin and end together; a retired epoch is erased, then disclosed.
 *
 * <p>The engine's table of epochs is in {@code io.millrace.relay.live}. Knows no other package of the engine.
 */
package io.millrace.relay.epoch;
