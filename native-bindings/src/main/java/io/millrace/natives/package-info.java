/**
 * FFM bindings to libsodium: one final class per C header, one static method per C function, no policy.
 *
 * <p>Every pointer is a raw native address of type {@code long}, because the hot path passes fields of slots and a
 * {@code MemorySegment} for each of them would cost an object and, for a shared arena, two atomic operations a call.
 * Nothing here checks a range, retries, allocates or logs; callers in {@code io.millrace.crypto} own the memory and
 * assert the ranges. No address may be 0, not even that of an operand without a byte, unless a method says so: the
 * embedded libsodium is built to trap on it, which ends the process. All methods may be called from any thread.
 *
 * <p>This package must not know any protocol.
 */
package io.millrace.natives;
