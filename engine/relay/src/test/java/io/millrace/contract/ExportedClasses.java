package io.millrace.contract;

import io.millrace.crypto.SecretKey;
import io.millrace.memory.AddressArray;
import io.millrace.memory.StatusArray;
import java.io.File;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URI;
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
import java.util.stream.Stream;

/** The public classes of every package that a module of ours exports, and what of them takes memory. */
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

    /** Of all named modules of ours on the class path, in the order of their names. */
    static List<Class<?>> find() throws IOException, ClassNotFoundException {
        final List<Class<?>> found = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            final Path place = Path.of(entry);
            if (!holdsOurs(place)) {
                continue;
            }
            for (ModuleReference module : ModuleFinder.of(place).findAll()) {
                addAll(found, exported(module), place);
            }
        }
        found.sort(Comparator.comparing(Class::getName));
        return found;
    }

    /** Members of {@code type} under the contract: constructors and methods that take memory or numbers for it. */
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

    /** A jar of another's may be no module at all, and then the finder throws. */
    private static boolean holdsOurs(Path place) throws IOException {
        if (Files.isDirectory(place)) {
            return Files.isDirectory(place.resolve("io/millrace")) && Files.exists(place.resolve("module-info.class"));
        }
        return place.toString().endsWith(".jar")
                && place.getFileName().toString().startsWith("millrace-")
                && Files.exists(place);
    }

    private static Set<String> exported(ModuleReference module) {
        final Set<String> exported = new TreeSet<>();
        module.descriptor().exports().forEach(each -> exported.add(each.source()));
        return exported;
    }

    private static void addAll(List<Class<?>> found, Set<String> exported, Path place)
            throws IOException, ClassNotFoundException {
        if (Files.isDirectory(place)) {
            addAllOf(found, exported, place);
        } else {
            try (FileSystem jar = FileSystems.newFileSystem(URI.create("jar:" + place.toUri()), Map.of())) {
                addAllOf(found, exported, jar.getPath("/"));
            }
        }
    }

    private static void addAllOf(List<Class<?>> found, Set<String> exported, Path root)
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
