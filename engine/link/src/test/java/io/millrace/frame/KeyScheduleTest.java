package io.millrace.frame;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class KeyScheduleTest {
    private static final byte[] FIRST = new byte[32];

    static {
        Arrays.fill(FIRST, (byte) 0x42);
    }

    private static final RekeyLimits LIMITS = new RekeyLimits(100, 200_000, Duration.ofSeconds(10));

    private final MemorySegment first = Arena.ofAuto().allocateFrom(JAVA_BYTE, FIRST);

    @Test
    void makesTheNextKeyAsNoiseDoes() throws GeneralSecurityException {
        byte[] expected = FIRST;
        try (SendingKeySchedule keys = new SendingKeySchedule(first, LIMITS, 0)) {
            for (int generation = 0; generation < 4; generation++) {
                assertThat(keys.generation()).isEqualTo(generation);
                assertThat(present(keys)).isEqualTo(expected);
                keys.advance(0);
                expected = rekey(expected);
            }
        }
    }

    @Test
    void givesTheSameKeysWhetherPreparedOrNot() {
        try (SendingKeySchedule prepared = new SendingKeySchedule(first, LIMITS, 0);
                SendingKeySchedule plain = new SendingKeySchedule(first, LIMITS, 0)) {
            for (int generation = 0; generation < 4; generation++) {
                prepared.prepare();
                prepared.prepare();
                assertThat(present(prepared)).isEqualTo(present(plain));
                prepared.advance(0);
                plain.advance(0);
            }
            assertThat(present(prepared)).isEqualTo(present(plain));
        }
    }

    @Test
    void leavesNoKeyBehind() {
        try (SendingKeySchedule keys = new SendingKeySchedule(first, LIMITS, 0)) {
            for (int generation = 0; generation < 3; generation++) {
                final byte[] old = present(keys);
                keys.advance(0);
                assertThat(contains(keys.dump(), old)).isFalse();
                assertThat(contains(keys.dump(), present(keys))).isTrue();
            }
        }
    }

    @Test
    void goesOnCountingAcrossKeys() {
        try (SendingKeySchedule keys = new SendingKeySchedule(first, LIMITS, 0)) {
            keys.count(10);
            keys.count(10);
            keys.advance(0);
            assertThat(keys.counter()).isEqualTo(2);
        }
    }

    @Test
    void isDueOneFrameBeforeTheFrameLimitSoThatTheUpdateIsTheLast() {
        try (SendingKeySchedule keys = new SendingKeySchedule(first, LIMITS, 0)) {
            for (int frame = 0; frame < 99; frame++) {
                assertThat(keys.due(0)).isFalse();
                assertThat(keys.wantsPreparing(0)).isEqualTo(frame >= 50);
                keys.count(1);
            }
            assertThat(keys.due(0)).isTrue();
            assertThat(keys.overused()).isFalse();
            keys.count(1);
            assertThat(keys.overused()).isTrue();
            keys.advance(0);
            assertThat(keys.due(0)).isFalse();
            assertThat(keys.overused()).isFalse();
        }
    }

    @Test
    void isDueTwoLargestFramesBeforeTheByteLimit() {
        try (SendingKeySchedule keys = new SendingKeySchedule(first, LIMITS, 0)) {
            keys.count(200_000 - 2 * 65_535 - 1);
            assertThat(keys.due(0)).isFalse();
            keys.count(1);
            assertThat(keys.due(0)).isTrue();
            assertThat(keys.overused()).isFalse();
            keys.count(65_535);
            keys.count(65_534);
            assertThat(keys.overused()).isFalse();
            keys.count(1);
            assertThat(keys.overused()).isTrue();
        }
    }

    @Test
    void isDueWhenTheKeyIsOldOnAClockThatWraps() {
        final long start = nearTheEnd();
        final long second = 1_000_000_000L;
        try (SendingKeySchedule keys = new SendingKeySchedule(first, LIMITS, start)) {
            assertThat(keys.due(start + 10 * second - 1)).isFalse();
            assertThat(keys.wantsPreparing(start + 5 * second - 1)).isFalse();
            assertThat(keys.wantsPreparing(start + 5 * second)).isTrue();
            assertThat(keys.due(start + 10 * second)).isTrue();
            keys.advance(start + 10 * second);
            assertThat(keys.due(start + 10 * second)).isFalse();
        }
    }

    @Test
    void neverUsesTheReservedCounter() {
        try (SendingKeySchedule keys = new SendingKeySchedule(first, LIMITS, 0, -2)) {
            assertThat(keys.exhausted()).isFalse();
            keys.count(1);
            assertThat(keys.exhausted()).isTrue();
        }
    }

    @Test
    void refusesLimitsThatLeaveNoRoom() {
        assertThatThrownBy(() -> new RekeyLimits(1, 1L << 30, Duration.ofHours(1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RekeyLimits(2, 131_069, Duration.ofHours(1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RekeyLimits(2, 1L << 30, Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(RekeyLimits.HTX1.frames()).isEqualTo(65_536);
        assertThat(RekeyLimits.HTX1.bytes()).isEqualTo(8_589_934_592L);
    }

    @Test
    void aClosedScheduleGivesNoKeyWhoseCellMayBeAnothers() {
        final SendingKeySchedule keys;
        try (Arena arena = Arena.ofConfined()) {
            keys = new SendingKeySchedule(arena.allocate(32).fill((byte) 1), RekeyLimits.HTX1, 0);
        }
        keys.close();
        keys.close();
        assertThatThrownBy(keys::key).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(keys::prepare).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> keys.advance(0)).isInstanceOf(IllegalStateException.class);
    }

    private static long nearTheEnd() {
        return Long.MAX_VALUE - 5;
    }

    private static byte[] present(KeySchedule keys) {
        return keys.key().toArray(JAVA_BYTE);
    }

    private static byte[] rekey(byte[] key) throws GeneralSecurityException {
        final byte[] nonce = new byte[12];
        Arrays.fill(nonce, 4, 12, (byte) 0xff);
        final Cipher cipher = Cipher.getInstance("ChaCha20-Poly1305");
        cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "ChaCha20"), new IvParameterSpec(nonce));
        return Arrays.copyOf(cipher.doFinal(new byte[32]), 32);
    }

    private static boolean contains(byte[] memory, byte[] key) {
        for (int at = 0; at + key.length <= memory.length; at++) {
            if (Arrays.equals(memory, at, at + key.length, key, 0, key.length)) {
                return true;
            }
        }
        return false;
    }
}
