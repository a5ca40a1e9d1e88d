/**
 * The crypto facade: every protocol package takes its primitives from here, and only this package calls
 * {@code io.millrace.natives}.
 *
 * <p>{@link io.millrace.crypto.BatchCrypto} serves the packet path: each method takes arrays of addresses and
 * works on the whole batch. Everything else is off that path and takes segments.
 *
 * <p>The arenas of all segments are held open during a native call: a thread that closes one meanwhile gets an
 * {@code IllegalStateException} and may try again. A segment that is closed before a call makes the call throw that.
 */
package io.millrace.crypto;
