package io.millrace.cli.htx;

import java.lang.reflect.Field;
import java.util.Map;

/** Commands of the program in this process that would end in order at a signal: those with a shutdown hook. */
final class OpenCommands {
    private OpenCommands() {}

    /** How many have not ended. */
    static long count() throws ReflectiveOperationException {
        final Class<?> all = Class.forName("java.lang.ApplicationShutdownHooks");
        final Field hooks = all.getDeclaredField("hooks");
        hooks.setAccessible(true);
        synchronized (all) {
            return ((Map<?, ?>) hooks.get(null))
                    .keySet().stream()
                            .filter(hook -> ((Thread) hook).getName().equals("millrace-termination"))
                            .count();
        }
    }
}
