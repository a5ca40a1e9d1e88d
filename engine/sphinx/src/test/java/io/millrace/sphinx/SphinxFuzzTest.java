package io.millrace.sphinx;

import io.millrace.fuzz.FuzzContract;
import io.millrace.fuzz.FuzzTarget;
import java.util.List;

/** What holds for packets and commands of any bytes. */
public final class SphinxFuzzTest extends FuzzContract {
    @Override
    public List<FuzzTarget> targets() {
        return List.of(
                new FuzzTarget("sphinx-packet", SphinxPacketProperty::holds, 200),
                new FuzzTarget("sphinx-command", SphinxCommandProperty::holds, 100));
    }
}
