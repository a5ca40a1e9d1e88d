/**
 * Support that the tests of several artifacts share: seeded randomness, the check for leaks, a watched ML-KEM provider.
 *
 * <p>Imports {@code crypto}, {@code memory} and JUnit. For tests, never for a program: its randomness is not secret.
 */
package io.millrace.test;
