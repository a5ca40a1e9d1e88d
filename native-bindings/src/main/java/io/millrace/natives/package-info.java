/**
 * FFM bindings to libsodium: one final class per C header, one static method per C function, no policy.
 *
 * <p>A pointer is a {@code MemorySegment}. The linker holds its arena open during the call: a thread that closes the arena
 * meanwhile gets an {@code IllegalStateException}, and the call ends as usual. For a shared arena that takes two atomic
 * operations a call, however many segments of it a call has. The hot path passes fields of slots, for which a segment each
 * would be an object: {@code SodiumElement} and {@code Lanes} take addresses, and the memory to be held.
 *
 * <p>A segment must have the bytes that C touches, be writable if C writes, and be aligned if C needs that; the state of a
 * hash is aligned to 8 bytes. Nothing here retries, allocates or logs. No address may be 0, not even that of an operand
 * without a byte, unless a method says so: the embedded libsodium is built to trap on it, which ends the process. All
 * methods may be called from any thread.
 *
 * <p>This package must not know any protocol.
 */
package io.millrace.natives;
