package io.millrace.htx.session;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.crypto.provider.CryptoProviders;
import io.millrace.memory.AddressArray;
import io.millrace.memory.StatusArray;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;

/** libsodium that acts as if it had vectors, so that every machine tests frames in lanes, and that notes each call. */
public final class VectorsUnderTest {
    /** Inputs of each call of {@code aeadSeal}. */
    public final List<Integer> seals = new ArrayList<>();

    /** Inputs of each call of {@code aeadOpen}. */
    public final List<Integer> opens = new ArrayList<>();

    /** The provider. */
    public final BatchCrypto crypto;

    private final BatchCrypto real = CryptoProviders.byName("sodium");
    private final int width;

    /** @param width of a vector in inputs; those that do not fill one are worked on one by one. */
    public VectorsUnderTest(int width) {
        this.width = width;
        this.crypto = (BatchCrypto) Proxy.newProxyInstance(
                BatchCrypto.class.getClassLoader(),
                new Class<?>[] {BatchCrypto.class},
                (proxy, method, args) -> switch (method.getName()) {
                    case "aeadTogether" -> together((int) args[0]);
                    case "aeadSeal" -> {
                        seals.add((int) args[0]);
                        yield invoke(method, args);
                    }
                    case "aeadOpen" -> {
                        opens.add((int) args[0]);
                        open(method, args);
                        yield null;
                    }
                    default -> invoke(method, args);
                });
    }

    private int together(int count) {
        return count - count % width;
    }

    private Object invoke(java.lang.reflect.Method method, Object[] args) throws Throwable {
        try {
            return method.invoke(real, args);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    /** Leaves those that fail in a vector as they were, and zeroes the others. */
    private void open(java.lang.reflect.Method method, Object[] args) throws Throwable {
        final int count = (int) args[0];
        final List<byte[]> before = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            before.add(text(args, i).toArray(JAVA_BYTE));
        }
        invoke(method, args);
        for (int i = 0; i < together(count); i++) {
            if (!((StatusArray) args[8]).ok(i)) {
                text(args, i).copyFrom(MemorySegment.ofArray(before.get(i)));
            }
        }
    }

    private static MemorySegment text(Object[] args, int index) {
        return MemorySegment.ofAddress(((AddressArray) args[1]).get(index)).reinterpret((int) args[2]);
    }
}
