package io.millrace.rig.attack;

import java.io.IOException;
import java.util.Map;

/** A server or relay under attack, with its honest clients. Belongs to one thread. */
interface AttackTarget extends AutoCloseable {
    /** The attack as its process is told. */
    AttackChild.Setup setup(Attack attack, AttackSource source);

    /** Begins honest load of so many bytes a second; 0 for full load. */
    void start(double bytesPerSecond) throws IOException;

    /** Restarts the schedule of the honest load: late blocks are not made up for. */
    void dropBacklog();

    /** Bytes of honest clients that have arrived so far. */
    long taken();

    /** Ends the honest load; whether all of it arrived, or for links: whether all links stayed up. */
    boolean finish() throws IOException, InterruptedException;

    /** Newcomers, whose taker closes them. */
    Newcomers newcomers();

    /** Sessions that are open now; links that are up. */
    int sessions();

    /** Connections that are open now, those in a handshake included; links that are up. */
    int connections();

    /** Most of those that the bounds allow. */
    int connectionsBound();

    /**
     * Most native bytes that the bounds allow.
     *
     * @param peakSessions most sessions that there were.
     */
    long boundBytes(int peakSessions);

    /** Refused and ended connections so far, by reason. */
    Map<String, Long> counted();

    /** Whether the wall clock jumps from now on; only for a target of {@link Attack#CLOCK}. */
    void jump(boolean wanted);

    @Override
    void close() throws IOException;
}
