package io.millrace.sphinx;

import io.millrace.fuzz.FuzzContract;
import io.millrace.fuzz.FuzzTarget;
import java.util.List;

/** What holds for packets and commands of any bytes. */
public final class SphinxFuzzTest extends FuzzContract {
    @Override
    public List<FuzzTarget> targets() {
        return List.of(
                new FuzzTarget("sphinx-packet", new SphinxPacketProperty(SphinxProfile.MR1)::holds, 200),
                new FuzzTarget("sphinx-command", new SphinxCommandProperty(SphinxProfile.MR1)::holds, 100),
                new FuzzTarget("sphinx-mr2-packet", new SphinxPacketProperty(SphinxProfile.MR2)::holds, 200),
                new FuzzTarget("sphinx-mr2-command", new SphinxCommandProperty(SphinxProfile.MR2)::holds, 100));
    }
}
