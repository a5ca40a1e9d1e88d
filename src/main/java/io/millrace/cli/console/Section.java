package io.millrace.cli.console;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Section of the help in which an option is listed; options without one are under {@link #OPTIONS}. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.FIELD)
public @interface Section {
    /** Heading of options without a section. */
    String OPTIONS = "Options";

    /** Heading of options that say how long a command works, and on which parts. */
    String RUN = "Run";

    /** Heading of options that describe the load. */
    String LOAD = "Load";

    /** Heading of options that describe the relay under test. */
    String RELAY = "Relay under test";

    /** Heading of options that name files with results. */
    String RESULT = "Result";

    /** Heading of options that every command has. */
    String GENERAL = "General";

    /** The heading. */
    String value();
}
