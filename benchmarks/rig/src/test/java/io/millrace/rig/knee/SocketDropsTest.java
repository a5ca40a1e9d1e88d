package io.millrace.rig.knee;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SocketDropsTest {
    private static final List<String> TABLE = List.of(
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref"
                    + " pointer drops",
            "  414: 0100007F:1F90 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 18310 2"
                    + " 00000000a1 17  ",
            "  415: 0100007F:1F91 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 18311 2"
                    + " 00000000a2 0  ");

    @Test
    void findsThePortsOwnCount() {
        assertThat(SocketDrops.find(TABLE, 8_080)).hasValue(17);
        assertThat(SocketDrops.find(TABLE, 8_081)).hasValue(0);
    }

    @Test
    void saysNothingOfAPortThatIsNotThere() {
        assertThat(SocketDrops.find(TABLE, 9_000)).isEmpty();
    }
}
