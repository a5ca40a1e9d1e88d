package io.millrace.relay.epoch;

import java.io.IOException;
import java.util.List;

/**
 * Makes the key epochs of an engine that rolls them itself, see {@link io.millrace.relay.RelayEngineBuilder#epochs}, and says
 * from when to when senders use each.
 *
 * <p>A call that throws is counted in {@link EpochStatus#failures()} and comes again, after 100 ms at first and at most 10 s,
 * whatever it threw. Meanwhile the engine goes on with the epochs that it has.
 *
 * <p>Threading: {@link #live}, {@link #endMs} and the first calls of {@link #make} run in the thread that builds the engine, all
 * else in the builder's {@code epochExecutor}, one call at a time. None is on the packet path, so all may write to the disk.
 */
public interface EpochSource {
    /**
     * The epochs that the engine begins with. By default the one that the clock says.
     *
     * @param due number of the epoch that runs by the schedule now.
     * @return rising numbers, 1 to 4 of them; the last one runs, and the others are accepted until they are over.
     */
    default List<Long> live(long due) {
        return List.of(due);
    }

    /**
     * Makes an epoch, one epoch length before it begins. This is the moment to announce its Sphinx key: senders need it before
     * the epoch begins.
     *
     * @param number of the epoch by the schedule.
     * @return an epoch with that number, a fresh key and an empty replay set, and under
     *     {@link io.millrace.vrf.DelayPolicy#EPOCH_VRF} with the key of its delays; the engine closes it.
     *     An epoch that the engine refuses, for instance one whose key was used before, is closed.
     * @throws IOException if it cannot be made now.
     */
    SphinxEpoch make(long number) throws IOException;

    /**
     * When senders stop using an epoch. Its packets are accepted one overlap longer. By default as the schedule says.
     *
     * @param number of an epoch of {@link #live}, or one that was made.
     * @param schedule of the engine.
     * @return milliseconds since 1970, not later than the schedule's.
     */
    default long endMs(long number, EpochSchedule schedule) {
        return schedule.endMs(number);
    }

    /**
     * Tells senders that an epoch begins before its time, since the replay set of the one before is
     * {@value EpochStatus#FULL_PERCENT} percent full. By default senders are not told, and a full set drops packets until the
     * epoch ends.
     *
     * @param number of the epoch, which the engine accepts already.
     * @param nowMs when it begins and the one before ends, in milliseconds since 1970.
     * @return whether senders are told, so that the engine goes on to it.
     * @throws IOException if they could not be told.
     */
    default boolean beginEarly(long number, long nowMs) throws IOException {
        return false;
    }

    /**
     * An epoch is over: no packet waits under it, and its Sphinx key is wiped; or it was made and never ran, because the process
     * was suspended. By default its replay journal is erased and its delays are never disclosed.
     *
     * @param epoch closed by the engine when this returns. If it throws, the call comes again with the same epoch.
     * @throws IOException if the journal could not be erased.
     */
    default void onRetired(RetiredEpoch epoch) throws IOException {
        epoch.erase();
    }

    /**
     * Does other work on the disk, for instance notes which epoch runs, again and again, fifty times an overlap and twice a
     * second at least.
     *
     * @param running number of the running epoch.
     * @param nowMs the time, in milliseconds since 1970.
     * @throws IOException if something could not be written.
     */
    default void work(long running, long nowMs) throws IOException {}

    /**
     * A call failed, or the engine refused an epoch. By default a warning is logged by {@link System.Logger}
     * {@code io.millrace.relay}. An exception of this method is ignored.
     *
     * @param failure exception or error.
     */
    default void onFailure(Throwable failure) {
        System.getLogger("io.millrace.relay")
                .log(System.Logger.Level.WARNING, "a step of the key epochs failed; trying again", failure);
    }
}
