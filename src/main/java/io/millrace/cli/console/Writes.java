package io.millrace.cli.console;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Declares that a command writes to the place that an option or argument names. The place is checked before the command
 * runs: a result that cannot be put there is refused before the work, not after it.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.FIELD)
public @interface Writes {
    /** What is written there. */
    enum Kind {
        /** A file in a folder that exists; a new one takes the place of one that is there. */
        FILE,

        /** A file in a folder that exists; one that is there is opened and written, so that its folder may be read-only. */
        FILE_IN_PLACE,

        /** A file in a folder that exists; none of that name may be there. */
        NEW_FILE,

        /** A folder, made with those above it where there is none. */
        FOLDER,

        /** Files in a folder that exists, whose names begin with the given name. */
        PREFIX,

        /** A file if the name ends in {@code .cbor}, and otherwise a folder. */
        STORE
    }

    /** What is written. */
    Kind value();

    /** Option with which nothing is written there; empty if there is none. */
    String unless() default "";

    /** Option with which a {@link Kind#NEW_FILE} that is there is replaced; empty if there is none. */
    String replacing() default "";
}
