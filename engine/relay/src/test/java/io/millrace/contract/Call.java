package io.millrace.contract;

import java.lang.foreign.MemorySegment;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Calls of constructors and methods by reflection. */
final class Call {
    private Call() {}

    /** Outcome of a call: a result, or an exception; null and null for a method without a result. */
    record Outcome(Object result, Throwable thrown) {
        boolean refused() {
            return thrown != null;
        }
    }

    static Outcome of(Executable each, Object target, Object[] arguments) {
        try {
            return each instanceof Method method
                    ? new Outcome(method.invoke(target, arguments), null)
                    : new Outcome(((Constructor<?>) each).newInstance(arguments), null);
        } catch (InvocationTargetException e) {
            return new Outcome(null, e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot call " + name(each), e);
        }
    }

    /** Class and name. */
    static String shortName(Executable each) {
        return each.getDeclaringClass().getSimpleName() + "." + (each instanceof Constructor ? "new" : each.getName());
    }

    /** Class and name with the types of the parameters. */
    static String name(Executable each) {
        return shortName(each)
                + Stream.of(each.getParameters()).map(Call::name).collect(Collectors.joining(", ", "(", ")"));
    }

    private static String name(Parameter parameter) {
        return (parameter.getType() == MemorySegment.class
                        ? ""
                        : parameter.getType().getSimpleName() + " ")
                + parameter.getName();
    }
}
