package io.millrace.rig.twin;

/**
 * A document of one size on the disk: its state in maps against a state on the heap that is replayed from the log. Opening is
 * by the wall clock, the rest processor time of the measuring thread. Medians.
 *
 * @param entries properties of the document.
 * @param openMapsNs opening log and maps after a clean stop, and reading one property.
 * @param openReplayNs opening the log, replaying it, and reading one property.
 * @param firstChangeNs the first operation signed after opening with maps.
 * @param getMaps reading a property in maps into memory off the heap.
 * @param getHeap reading a property on the heap.
 * @param putMaps overwriting a property in maps; without signature and log.
 * @param putHeap overwriting a property on the heap; without signature and log.
 */
public record StoredTwinFigures(
        int entries,
        double openMapsNs,
        double openReplayNs,
        double firstChangeNs,
        Access getMaps,
        Access getHeap,
        Access putMaps,
        Access putHeap) {
    /**
     * Cost of one access.
     *
     * @param ns in nanoseconds.
     * @param bytes allocated on the heap.
     */
    public record Access(double ns, double bytes) {}
}
