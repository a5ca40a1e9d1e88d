/**
 * Cryptographic primitives for all protocol packages. Only this package and {@code crypto.provider} call {@code
 * io.millrace.natives}.
 *
 * <p>The facades take segments and serve single calls; {@code crypto.provider} works on the batches of the packet path.
 *
 * <p>The arenas of all segments are held open during a native call: a thread that closes one meanwhile gets an
 * {@code IllegalStateException} and may try again. A segment that is closed before a call makes the call throw that.
 */
package io.millrace.crypto;
