package io.millrace.link;

import io.millrace.frame.FrameProperty;
import io.millrace.fuzz.FuzzContract;
import io.millrace.fuzz.FuzzTarget;
import io.millrace.htx.handshake.HandshakeProperty;
import io.millrace.htx.handshake.TicketProperty;
import io.millrace.htx.session.SessionProperty;
import io.millrace.noise.NoiseProperty;
import java.util.List;

/** What holds for frames, first messages, handshakes and datagrams of any bytes. */
public final class LinkFuzzTest extends FuzzContract {
    @Override
    public List<FuzzTarget> targets() {
        return List.of(
                new FuzzTarget("frame", FrameProperty::holds, 4_000),
                new FuzzTarget("session", SessionProperty::holds, 300),
                new FuzzTarget("ticket", TicketProperty::holds, 300),
                new FuzzTarget("handshake", HandshakeProperty::holds, 60),
                new FuzzTarget("noise", NoiseProperty::holds, 60),
                new FuzzTarget("link-frame", LinkFrameProperty::holds, 1_000),
                new FuzzTarget("link-handshake", LinkHandshakeProperty::holds, 40));
    }
}
