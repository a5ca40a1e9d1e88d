package io.millrace.map;

import io.millrace.crdt.type.Value;
import java.io.PrintStream;
import java.nio.file.Path;

/** A process that signs operations on a document with its state in maps until it is killed, and prints how many there are. */
final class TwinWriter {
    private static final int KEYS = 2_000;
    private static final int ELEMENTS = 50;
    private static final int LONG_VALUE = 1_500;

    private TwinWriter() {}

    /** Argument: the folder. */
    public static void main(String[] arguments) throws Exception {
        final PrintStream out = System.out;
        try (StoredReplica stored = StoredReplica.open(Path.of(arguments[0]))) {
            for (int number = stored.replica.size(); true; number++) {
                edit(stored, number);
                out.println(number + 1);
                out.flush();
            }
        }
    }

    static void edit(StoredReplica stored, int number) throws Exception {
        stored.edit(draft -> draft.set("key " + number % KEYS, Value.of("value " + number))
                .set("long", Value.of("v".repeat(number % LONG_VALUE)))
                .add("set", "element " + number % ELEMENTS)
                .remove("set", "element " + (number + 9) % ELEMENTS)
                .increment("counter " + number % 5, number)
                .assign("register", Value.of("assigned " + number)));
    }
}
