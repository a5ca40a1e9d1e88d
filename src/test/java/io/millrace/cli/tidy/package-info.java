/**
 * Holds the tree to its own rules of size and of plain English, in every build.
 *
 * <p>{@link io.millrace.cli.tidy.TidyTest} reads the whole repository. Each rule is a class that takes text, and each has a test
 * with a planted fault that the rule must find and a near miss that it must let pass. Rules that the tree does not keep yet
 * have a ceiling in {@code ceilings.txt}, see {@link io.millrace.cli.tidy.Ceilings}.
 */
package io.millrace.cli.tidy;
