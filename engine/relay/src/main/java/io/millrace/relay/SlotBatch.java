package io.millrace.relay;

/** Slots that a stage works on together. Belongs to one engine thread. */
final class SlotBatch {
    final int[] slots;
    int count;

    SlotBatch(int limit) {
        slots = new int[limit];
    }

    void add(int slot) {
        slots[count++] = slot;
    }

    boolean isFull() {
        return count == slots.length;
    }
}
