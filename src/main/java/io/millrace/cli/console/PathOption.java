package io.millrace.cli.console;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The kind of path that an option or parameter takes, and whether the command writes there. {@link PathCheck} refuses all
 * others before the command runs, and {@link OptionRules} those where the result cannot be put: before the work, not after it.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.FIELD)
public @interface PathOption {
    /** The kind. */
    PathKind value();

    /** Option with which nothing is written there; empty if there is none. */
    String unless() default "";

    /** Option with which a {@link PathKind#NEW_FILE} that is there is replaced; empty if there is none. */
    String replacing() default "";
}
