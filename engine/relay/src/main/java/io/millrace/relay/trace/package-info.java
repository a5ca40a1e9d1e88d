/**
 * Flight recorder events of the engine, and what gathers them. Nothing is gathered while nothing records.
 *
 * <p>Knows no stage. Internal.
 */
package io.millrace.relay.trace;
