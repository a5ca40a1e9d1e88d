package io.millrace.contract;

import io.millrace.crypto.SecretKey;
import io.millrace.memory.AddressArray;
import io.millrace.memory.StatusArray;
import io.millrace.natives.SodiumMemory;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The public classes of every package that the two modules export, and what of them takes memory. */
final class ExportedClasses {
    /** Packages whose classes hand numbers to C or hold native memory. */
    private static final Set<String> NATIVE_FACING =
            Set.of("carrier", "crypto", "htx", "htx.admission", "memory", "natives", "noise", "sphinx", "vrf");

    private static final Set<Class<?>> MEMORY = Set.of(
            MemorySegment.class,
            MemorySegment[].class,
            Arena.class,
            AddressArray.class,
            StatusArray.class,
            SecretKey.class);

    private static final String ROOT = "io.millrace.";

    private ExportedClasses() {}

    /** All of both modules, in the order of their names. */
    static List<Class<?>> find(Path engine) throws IOException, URISyntaxException, ClassNotFoundException {
        final List<Class<?>> found = new ArrayList<>();
        addAll(found, engine, SecretKey.class);
        addAll(found, engine.resolveSibling("native-bindings"), SodiumMemory.class);
        found.sort(Comparator.comparing(Class::getName));
        return found;
    }

    /** What the contract is about in {@code type}: constructors and methods that take memory or numbers for it. */
    static List<Executable> contracted(Class<?> type) {
        final boolean wide = NATIVE_FACING.contains(room(type)) && (isBinding(type) || holdsMemory(type));
        return Stream.<Executable>concat(
                        Stream.of(type.getDeclaredMethods()), Stream.of(type.getDeclaredConstructors()))
                .filter(each -> Modifier.isPublic(each.getModifiers()) && !each.isSynthetic())
                .filter(each -> takesMemory(each) || (wide && (isInstanceMethod(each) || takesNumbers(each))))
                .filter(each -> !isOfObject(each))
                .sorted(Comparator.comparing((Executable each) -> each instanceof Constructor)
                        .thenComparing(Executable::getName)
                        .thenComparing(Executable::toString))
                .toList();
    }

    /** Whether {@code type} is one of the bindings, some of which take addresses as numbers. */
    static boolean isBinding(Class<?> type) {
        return room(type).equals("natives");
    }

    /** Whether {@code type} is a binding that checks every number: those of sockets leave some to the system. */
    static boolean isStrictBinding(Class<?> type) {
        return isBinding(type) && !type.getSimpleName().equals("LinuxSocket");
    }

    static boolean isInstanceMethod(Executable each) {
        return each instanceof Method && !Modifier.isStatic(each.getModifiers());
    }

    static boolean isMemory(Class<?> type) {
        return MEMORY.contains(type) && type != SecretKey.class;
    }

    private static boolean takesMemory(Executable each) {
        return Stream.of(each.getParameterTypes()).anyMatch(ExportedClasses::isMemory);
    }

    private static boolean takesNumbers(Executable each) {
        return Stream.of(each.getParameterTypes()).anyMatch(type -> type == int.class || type == long.class);
    }

    private static boolean holdsMemory(Class<?> type) {
        return Stream.of(type.getDeclaredFields())
                .filter(field -> !Modifier.isStatic(field.getModifiers()))
                .map(Field::getType)
                .anyMatch(field -> MEMORY.contains(field) || Arena.class.isAssignableFrom(field));
    }

    private static boolean isOfObject(Executable each) {
        return Set.of("equals", "hashCode", "toString").contains(each.getName());
    }

    private static String room(Class<?> type) {
        return type.getPackageName().substring(ROOT.length());
    }

    private static void addAll(List<Class<?>> found, Path module, Class<?> inside)
            throws IOException, URISyntaxException, ClassNotFoundException {
        final Set<String> exported = new TreeSet<>();
        Pattern.compile("exports ([\\w.]+)")
                .matcher(Files.readString(module.resolve("src/main/java/module-info.java")))
                .results()
                .forEach(match -> exported.add(match.group(1)));
        final Path place = Path.of(
                inside.getProtectionDomain().getCodeSource().getLocation().toURI());
        if (Files.isDirectory(place)) {
            addAll(found, exported, place);
        } else {
            try (FileSystem jar = FileSystems.newFileSystem(URI.create("jar:" + place.toUri()), Map.of())) {
                addAll(found, exported, jar.getPath("/"));
            }
        }
    }

    private static void addAll(List<Class<?>> found, Set<String> exported, Path root)
            throws IOException, ClassNotFoundException {
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                final String name = root.relativize(file).toString().replace('/', '.');
                if (!name.startsWith(ROOT) || !name.endsWith(".class") || name.endsWith("-info.class")) {
                    continue;
                }
                final Class<?> type = Class.forName(
                        name.substring(0, name.length() - ".class".length()),
                        false,
                        ExportedClasses.class.getClassLoader());
                if (exported.contains(type.getPackageName()) && isVisible(type)) {
                    found.add(type);
                }
            }
        }
    }

    private static boolean isVisible(Class<?> type) {
        return !type.isAnonymousClass()
                && !type.isLocalClass()
                && Modifier.isPublic(type.getModifiers())
                && (type.getDeclaringClass() == null || isVisible(type.getDeclaringClass()));
    }
}
