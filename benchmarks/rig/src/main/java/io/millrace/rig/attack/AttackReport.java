package io.millrace.rig.attack;

import java.util.List;

/**
 * Result of {@code bench flood --attacks}; also its form in JSON. Server and honest clients are in one process, the attackers
 * in another, all on the same cores.
 *
 * @param cpu processor and number of cores of the machine.
 * @param jdk version of the JDK.
 * @param sliceSeconds length of each slice.
 * @param honestSessions that send all the time.
 * @param saturatedBytesPerSecond that they reach alone.
 * @param offeredBytesPerSecond that they offer, half of it.
 * @param linkSaturatedBytesPerSecond packets that as many honest peers of a relay get through it alone, in bytes a second; 0
 *     without an attack on links.
 * @param linkOfferedBytesPerSecond that they offer, half of it.
 * @param rows attacks, each from each source.
 * @param unavailable sources whose addresses this machine does not have.
 */
public record AttackReport(
        String cpu,
        String jdk,
        double sliceSeconds,
        int honestSessions,
        double saturatedBytesPerSecond,
        double offeredBytesPerSecond,
        double linkSaturatedBytesPerSecond,
        double linkOfferedBytesPerSecond,
        List<AttackRow> rows,
        List<String> unavailable) {
    /** Whether every row passed. */
    public boolean passed() {
        return !rows.isEmpty() && rows.stream().allMatch(AttackRow::passed);
    }
}
