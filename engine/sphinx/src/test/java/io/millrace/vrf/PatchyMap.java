package io.millrace.vrf;

import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.memory.AddressArray;
import io.millrace.memory.StatusArray;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/** A provider that leaves every third map to its caller, with rubbish in its place. */
record PatchyMap(BatchCrypto whole) {
    BatchCrypto provider() {
        return (BatchCrypto) Proxy.newProxyInstance(
                BatchCrypto.class.getClassLoader(), new Class<?>[] {BatchCrypto.class}, (proxy, method, args) -> {
                    final Object result;
                    try {
                        result = method.invoke(whole, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                    if (method.getName().equals("edwardsMap")) {
                        for (int i = 0; i < (int) args[0]; i += 3) {
                            ((StatusArray) args[4]).set(i, false);
                            MemorySegment.ofAddress(((AddressArray) args[1]).get(i))
                                    .reinterpret(32)
                                    .fill((byte) 0x5a);
                        }
                    }
                    return result;
                });
    }
}
