/**
 * Properties that must hold for any bytes, run over kept and drawn inputs by every build and by a fuzzer on demand.
 *
 * <p>Imports JUnit only. For tests, never for a program. Source: {@code src/docs/internals/fuzzing.md}.
 */
package io.millrace.fuzz;
