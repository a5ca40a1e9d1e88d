package io.millrace.relay;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.Map;

/**
 * A second copy of the engine, of its delays and of the tests in their packages, in which some methods call
 * {@link Mutant}: a relay that cheats, without a switch for it in the relay.
 */
final class MutatedClasses extends ClassLoader {
    private static final ClassDesc MUTANT = ClassDesc.of("io.millrace.relay.Mutant");
    private static final ClassDesc MEMORY = ClassDesc.of("java.lang.foreign.MemorySegment");

    /** Local variable of the last parameter of {@code DelayStage.delay(int slot, int place, long nowNs, long delayNs)}. */
    private static final int DELAY_NS = 5;

    /** Local variable of the parameter of {@code TickShuffle.below(int bound)}. */
    private static final int BOUND = 1;

    private static final Map<String, ClassTransform> MUTATIONS = Map.of(
            "io.millrace.relay.stage.DelayStage",
            method(
                    "delay",
                    atTheStart(code -> code.lload(DELAY_NS)
                            .invokestatic(MUTANT, "delayNs", MethodTypeDesc.ofDescriptor("(J)J"))
                            .lstore(DELAY_NS))),
            "io.millrace.relay.stage.TickShuffle",
            method(
                    "below",
                    beforeTheReturn(code ->
                            code.iload(BOUND).invokestatic(MUTANT, "below", MethodTypeDesc.ofDescriptor("(II)I")))),
            "io.millrace.vrf.DelayEpoch",
            method(
                    "vrfOutput",
                    beforeTheReturn(
                            code -> code.invokestatic(MUTANT, "vrfOutput", MethodTypeDesc.of(MEMORY, MEMORY)))));

    MutatedClasses() {
        super(MutatedClasses.class.getClassLoader());
        // The slab, which is not copied, checks who owns a slot if this side tells it in its assertions.
        setDefaultAssertionStatus(MutatedClasses.class.desiredAssertionStatus());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            final Class<?> loaded = findLoadedClass(name);
            if (loaded != null) {
                return loaded;
            }
            return isCopied(name) ? copy(name) : super.loadClass(name, resolve);
        }
    }

    private static boolean isCopied(String name) {
        return name.startsWith("io.millrace.relay.")
                || name.startsWith("io.millrace.vrf.")
                || name.startsWith("io.millrace.wheel.");
    }

    private Class<?> copy(String name) throws ClassNotFoundException {
        final byte[] original;
        try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            original = in.readAllBytes();
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
        final ClassTransform mutation = MUTATIONS.get(name);
        final byte[] bytes = mutation == null ? original : mutated(original, mutation);
        return defineClass(name, bytes, 0, bytes.length);
    }

    private static byte[] mutated(byte[] original, ClassTransform mutation) {
        final ClassFile classFile = ClassFile.of();
        return classFile.transformClass(classFile.parse(original), mutation);
    }

    private static ClassTransform method(String name, CodeTransform code) {
        return ClassTransform.transformingMethodBodies(
                method -> method.methodName().equalsString(name), code);
    }

    private static CodeTransform atTheStart(Instructions inserted) {
        return CodeTransform.ofStateful(() -> new CodeTransform() {
            @Override
            public void atStart(CodeBuilder builder) {
                inserted.addTo(builder);
            }

            @Override
            public void accept(CodeBuilder builder, CodeElement element) {
                builder.with(element);
            }
        });
    }

    private static CodeTransform beforeTheReturn(Instructions inserted) {
        return (builder, element) -> {
            if (element instanceof ReturnInstruction) {
                inserted.addTo(builder);
            }
            builder.with(element);
        };
    }

    /** Instructions to be inserted. */
    private interface Instructions {
        void addTo(CodeBuilder code);
    }
}
