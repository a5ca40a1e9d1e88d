package io.millrace.fuzz;

import java.util.function.Consumer;

/**
 * Target of the fuzzer: a property that holds whatever bytes come from outside.
 *
 * @param label its name on command lines and of its folder of kept inputs: small letters, digits and hyphens.
 * @param property throws if it does not hold. One thread at a time, the same for the same bytes.
 * @param rounds how many drawn inputs the ordinary tests take: together some seconds.
 */
public record FuzzTarget(String label, Consumer<FuzzInput> property, int rounds) {
    /**
     * Throws if the property does not hold.
     *
     * @param bytes any number of any bytes.
     */
    public void check(byte[] bytes) {
        property.accept(new FuzzInput(bytes));
    }

    @Override
    public String toString() {
        return label;
    }
}
