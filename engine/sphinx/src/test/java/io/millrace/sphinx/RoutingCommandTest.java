package io.millrace.sphinx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A command is obeyed only if every bit of it has a meaning. */
@ParameterizedClass
@EnumSource(SphinxProfile.class)
class RoutingCommandTest {
    private static final byte[] ID = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};

    @RegisterExtension
    final SphinxNetwork network;

    RoutingCommandTest(SphinxProfile profile) {
        network = new SphinxNetwork(20260106, profile);
    }

    @Test
    void everyUnknownTypeIsRefused() {
        for (int type = 0; type < 256; type++) {
            final boolean known = type >= 1 && type <= 5;
            assertThat(peel(PlainSphinx.command(type, 0, 0, ID)))
                    .as("type " + type)
                    .isEqualTo(known ? PeelStatus.OK : PeelStatus.BAD_COMMAND);
        }
    }

    @Test
    void everyReservedBitMustBeZero() {
        for (int bit = 0; bit < 56; bit++) {
            assertThat(peel(PlainSphinx.command(2, 1L << bit, 0, ID)))
                    .as("bit " + bit)
                    .isEqualTo(PeelStatus.BAD_COMMAND);
        }
    }

    @Test
    void theDelayHas63Bits() {
        assertThat(peel(PlainSphinx.command(2, 0, Long.MAX_VALUE, ID))).isEqualTo(PeelStatus.OK);
        assertThat(network.batch.delayNs(0)).isEqualTo(Long.MAX_VALUE);
        assertThat(peel(PlainSphinx.command(2, 0, Long.MIN_VALUE, ID))).isEqualTo(PeelStatus.BAD_COMMAND);
        assertThat(peel(PlainSphinx.command(2, 0, -1, ID))).isEqualTo(PeelStatus.BAD_COMMAND);
    }

    @ParameterizedTest
    @EnumSource(
            value = CommandType.class,
            names = {"DELIVER", "LOOP_COVER", "DROP_COVER"})
    void exitsCheckThePayload(CommandType type) {
        final byte[] command = PlainSphinx.command(type.code(), 0, 0, ID);
        assertThat(peel(command)).isEqualTo(PeelStatus.OK);
        assertThat(network.batch.command(0)).isEqualTo(type);
        assertThat(network.batch.idLow(0)).isEqualTo(0x0807060504030201L);
        assertThat(network.batch.idHigh(0)).isEqualTo(0x100F0E0D0C0B0A09L);
        assertThat(network.payload(0)).isEqualTo(new byte[10]);

        final byte[] packet = packet(command);
        packet[2047] ^= 1;
        network.put(packet, 0);
        assertThat(network.peel(0, 0)).isEqualTo(PeelStatus.BAD_PAYLOAD);
    }

    @Test
    void codesAreStable() {
        assertThat(Arrays.stream(CommandType.values()).map(CommandType::code)).containsExactly(1, 2, 3, 4, 5);
        for (CommandType type : CommandType.values()) {
            assertThat(CommandType.ofCode(type.code())).isEqualTo(type);
        }
        for (long code : new long[] {0, -1, 6, 0x101, Long.MIN_VALUE, 1L << 32 | 1}) {
            assertThat(CommandType.ofCode(code)).isNull();
        }
    }

    @Test
    void senderCannotAskForANegativeDelay() {
        assertThatThrownBy(() -> new RoutingCommand(CommandType.DELIVER, -1, 0, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("delayNs=-1");
    }

    private int peel(byte[] command) {
        network.put(packet(command), 0);
        return network.peel(0, 0);
    }

    private byte[] packet(byte[] command) {
        final byte[] publicKey = network.relays.getFirst().publicKeyBytes();
        final byte[] alpha = PlainSphinx.basePoint(); // whose shared secret is the relay's public key
        final PlainSphinx.Hop hop = new PlainSphinx.Hop(publicKey, command);
        return network.plain.wrap(network.plain.header(publicKey, alpha, hop, new byte[944]), new byte[10]);
    }
}
