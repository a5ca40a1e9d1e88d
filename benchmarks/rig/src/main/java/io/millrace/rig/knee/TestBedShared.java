package io.millrace.rig.knee;

import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.rig.measure.CoreSplit;

/**
 * What both test beds share.
 *
 * @param crypto of the generator.
 * @param hiccups runs all the time.
 * @param longestDelayNs that the relay may give a packet.
 * @param cores processors of the generator's thread while it sends.
 * @param coreCount processors of the machine, for this process.
 */
record TestBedShared(BatchCrypto crypto, HiccupMeter hiccups, long longestDelayNs, CoreSplit cores, int coreCount) {}
