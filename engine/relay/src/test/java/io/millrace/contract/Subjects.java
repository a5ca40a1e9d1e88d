package io.millrace.contract;

import io.millrace.crypto.Randomness;
import io.millrace.crypto.SecretKey;
import io.millrace.crypto.SecureRandomness;
import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.crypto.provider.CryptoProviders;
import io.millrace.htx.admission.TicketKey;
import io.millrace.link.Link;
import io.millrace.link.LinkKeys;
import io.millrace.memory.AddressArray;
import io.millrace.memory.StatusArray;
import io.millrace.natives.Lanes;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Array;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Makes objects of the exported classes: by a factory that is registered here, else by a constant of the class, else by a
 * public constructor or factory method, whose arguments are made in the same way.
 */
final class Subjects {
    /** Elements of every operand array: a vector of the kernels. */
    static final int BATCH = 8;

    /** Room behind every address of an operand array, in bytes. */
    static final int OPERAND = BatchCrypto.MAX_LENGTH;

    private static final int DEPTH_LIMIT = 5;

    private static final Map<Class<?>, Function<World, Object>> FACTORIES = new HashMap<>();

    static {
        register(Arena.class, world -> world.arena);
        register(Randomness.class, world -> new SecureRandomness());
        register(BatchCrypto.class, world -> CryptoProviders.byName("auto"));
        register(io.millrace.crypto.provider.SodiumBatchCrypto.class, world ->
                (io.millrace.crypto.provider.SodiumBatchCrypto) CryptoProviders.byName("sodium"));
        register(SecretKey.class, world -> world.own(SecretKey.generate(new SecureRandomness())));
        register(AddressArray.class, world -> addresses(world.arena, world.memory(OPERAND), BATCH));
        register(StatusArray.class, world -> new StatusArray(world.arena, BATCH));
        register(Link.class, world -> world.own(new Link(make(world, LinkKeys.class))));
        register(InstantSource.class, world -> Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));
        register(Instant.class, world -> Instant.EPOCH);
        register(Duration.class, world -> Duration.ofMillis(1));
        register(String.class, world -> "example.org/contract");
        register(List.class, world -> List.of());
        register(Optional.class, world -> Optional.empty());
        register(InetSocketAddress.class, world -> new InetSocketAddress(InetAddress.getLoopbackAddress(), 1));
        FurtherSubjects.register();
    }

    private Subjects() {}

    static <T> void register(Class<T> type, Function<World, ? extends T> factory) {
        FACTORIES.put(type, factory::apply);
    }

    /** An array whose elements all point to {@code memory}. */
    static AddressArray addresses(Arena arena, MemorySegment memory, int count) {
        return new AddressArray(arena, count).fill(count, memory, 0, 0);
    }

    /** An object of {@code type}. */
    static <T> T make(World world, Class<T> type) {
        return type.cast(make(world, type, 0));
    }

    private static Object make(World world, Class<?> type, int depth) {
        final Function<World, Object> factory = FACTORIES.get(type);
        if (factory != null) {
            return factory.apply(world);
        }
        if (type.isEnum()) {
            return type.getEnumConstants()[0];
        }
        final Object constant = constant(type);
        if (constant != null) {
            return constant;
        }
        if (type.isInterface() && !type.isSealed()) {
            return callback(type);
        }
        if (type.isArray()) {
            return Array.newInstance(type.getComponentType(), 32);
        }
        if (depth == DEPTH_LIMIT) {
            throw new IllegalStateException("no factory is registered for " + type.getName());
        }
        final List<String> refusals = new ArrayList<>();
        for (Executable maker : makers(type)) {
            try {
                final Object[] arguments = arguments(world, maker, depth + 1);
                final Call.Outcome outcome = Call.of(maker, null, arguments);
                if (!outcome.refused() && outcome.result() != null) {
                    if (outcome.result() instanceof AutoCloseable closeable) {
                        world.own(closeable);
                    }
                    return outcome.result();
                }
                refusals.add(Call.name(maker) + ": " + outcome.thrown());
            } catch (IllegalStateException e) {
                refusals.add(Call.name(maker) + ": " + e.getMessage());
            }
        }
        throw new IllegalStateException("no factory is registered for " + type.getName() + ": " + refusals);
    }

    /** A valid argument for every parameter, of the shape that its name gives. */
    static Object[] arguments(World world, Executable each, int depth) {
        final Parameter[] parameters = each.getParameters();
        final Object[] arguments = new Object[parameters.length];
        for (int i = 0; i < parameters.length; i++) {
            arguments[i] = argument(world, each, parameters[i], Shapes.of(each, parameters[i]), depth);
        }
        return arguments;
    }

    /** A valid argument; {@code shape} is a segment's length or a number's value. */
    static Object argument(World world, Executable each, Parameter parameter, long shape, int depth) {
        final Class<?> type = parameter.getType();
        if (isOperand(parameter)) {
            return addresses(world.arena, world.memory(OPERAND), BATCH).segment(BATCH);
        }
        if (type == MemorySegment.class) {
            return world.memory(shape);
        }
        if (type == MemorySegment[].class) {
            return new MemorySegment[] {world.memory(shape)};
        }
        if (type == long.class && isAddress(each, parameter)) {
            return world.memory(1 << 12).address();
        }
        if (type == int.class) {
            return parameter.getName().equals("count")
                            && (each.getDeclaringClass() == Lanes.class
                                    || each.getDeclaringClass().getSimpleName().endsWith("Crypto"))
                    ? BATCH
                    : (int) shape;
        }
        if (type == long.class) {
            return shape;
        }
        if (parameter.getName().equals("hops")) {
            return FurtherSubjects.hops(world);
        }
        if (parameter.getName().equals("ticketKeys")) {
            return List.of(make(world, TicketKey.class));
        }
        if (type == boolean.class) {
            return true;
        }
        if (type == byte[].class) {
            return new byte
                    [parameter.getName().toLowerCase(java.util.Locale.ROOT).endsWith("id") ? 16 : 32];
        }
        return make(world, type, depth);
    }

    /** Whether a segment of a binding is an array of addresses. */
    static boolean isOperand(Parameter parameter) {
        return parameter.getDeclaringExecutable().getDeclaringClass() == Lanes.class
                && parameter.getType() == MemorySegment.class
                && !parameter.getName().endsWith("Memory")
                && !Set.of("salt", "personal", "ok").contains(parameter.getName());
    }

    private static boolean isAddress(Executable each, Parameter parameter) {
        return ExportedClasses.isBinding(each.getDeclaringClass())
                ? !Shapes.isLength(parameter)
                : Shapes.isAddress(parameter);
    }

    private static List<Executable> makers(Class<?> type) {
        final Stream<Executable> methods = Stream.of(type.getDeclaredMethods())
                .filter(each -> Modifier.isStatic(each.getModifiers()) && each.getReturnType() == type)
                .map(each -> each);
        return Stream.<Executable>concat(Stream.of(type.getDeclaredConstructors()), methods)
                .filter(each -> Modifier.isPublic(each.getModifiers()))
                .sorted(Comparator.comparingInt(Executable::getParameterCount))
                .toList();
    }

    private static Object constant(Class<?> type) {
        for (Field field : type.getDeclaredFields()) {
            final int modifiers = field.getModifiers();
            if (field.getType() == type && Modifier.isStatic(modifiers) && Modifier.isPublic(modifiers)) {
                try {
                    return field.get(null);
                } catch (IllegalAccessException e) {
                    throw new IllegalStateException("cannot read " + field, e);
                }
            }
        }
        return null;
    }

    /** Does nothing and answers no, 0 or null. */
    private static Object callback(Class<?> type) {
        return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
            final Class<?> result = method.getReturnType();
            if (result == boolean.class) {
                return false;
            }
            return result == int.class ? (Object) 0 : result == long.class ? (Object) 0L : null;
        });
    }

    /** Whether {@code type} is an interface for callers to implement: its methods are their code. */
    static boolean isCallback(Class<?> type) {
        return type.isInterface() && !FACTORIES.containsKey(type);
    }
}
