package io.millrace.cli.console;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Declares with which other options of its command an option is read. Other combinations are refused before the command
 * runs: an option that is given and not read, above all one that names something to check, would count as obeyed.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.FIELD)
public @interface UsedWith {
    /** In {@link #nothingBut}: no restriction. */
    String ANYTHING = "*";

    /** Options of which at least one must be given too; none if empty. */
    String[] oneOf() default {};

    /** Options that must not be given too. */
    String[] not() default {};

    /** The only options that may be given too, next to those of the whole program and {@code --json}. */
    String[] nothingBut() default ANYTHING;
}
