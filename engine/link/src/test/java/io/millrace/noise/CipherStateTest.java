package io.millrace.noise;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.millrace.test.SeededRandomness;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** One direction of a session, against the JDK's cipher and at its limits. */
class CipherStateTest {
    private static final int LENGTH = 1_024;

    @AutoClose
    private final Arena arena = Arena.ofConfined();

    private final byte[] key = new byte[32];

    {
        new SeededRandomness(1).fill(MemorySegment.ofArray(key));
    }

    @AutoClose
    private final SendingCipherState sender = SendingCipherState.of(MemorySegment.ofArray(key));

    @AutoClose
    private final ReceivingCipherState receiver = ReceivingCipherState.of(MemorySegment.ofArray(key));

    private final MemorySegment buffer = arena.allocate(CipherState.MAX_MESSAGE_LENGTH + 1L);

    @Test
    void agreesWithTheJdkOnNonceAndAssociatedData() throws GeneralSecurityException {
        final MemorySegment ad = arena.allocateFrom("..header");
        sender.setNonce(0x0102030405060708L);
        buffer.fill((byte) 7);

        assertThat(sender.encryptInPlace(buffer, 3, 100, ad, 2, 6)).isEqualTo(116);

        final byte[] nonce = {0, 0, 0, 0, 8, 7, 6, 5, 4, 3, 2, 1};
        final byte[] text = new byte[100];
        Arrays.fill(text, (byte) 7);
        final byte[] header = "header".getBytes(StandardCharsets.US_ASCII);
        assertThat(buffer.asSlice(3, 116).toArray(JAVA_BYTE)).isEqualTo(jdk(key, nonce, header, text));
        assertThat(sender.nonce()).isEqualTo(0x0102030405060709L);
    }

    @Test
    void rekeyTakesTheEncryptionOfZerosUnderTheReservedNonceAndGoesOnCounting() throws GeneralSecurityException {
        final byte[] last = {0, 0, 0, 0, -1, -1, -1, -1, -1, -1, -1, -1};
        final byte[] next = Arrays.copyOf(jdk(key, last, new byte[0], new byte[32]), 32);
        sender.setNonce(5);

        sender.rekey();
        assertThat(sender.nonce()).isEqualTo(5);
        assertThat(sender.encryptInPlace(buffer, 0, 0)).isEqualTo(16);

        final byte[] nonce = {0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0};
        assertThat(buffer.asSlice(0, 16).toArray(JAVA_BYTE)).isEqualTo(jdk(next, nonce, new byte[0], new byte[0]));
        receiver.setNonce(5);
        receiver.rekey();
        assertThat(receiver.decryptInPlace(buffer, 0, 16)).isZero();
    }

    @Test
    void theLastNonceIsNeverUsed() {
        sender.setNonce(-2L);
        receiver.setNonce(-2L);
        assertThat(sender.encryptInPlace(buffer, 0, 1)).isEqualTo(17);
        assertThat(receiver.decryptInPlace(buffer, 0, 17)).isEqualTo(1);

        final byte[] before = buffer.asSlice(0, 32).toArray(JAVA_BYTE);
        for (int i = 0; i < 2; i++) {
            assertThat(sender.encryptInPlace(buffer, 0, 1)).isEqualTo(NoiseStatus.NONCE_EXHAUSTED);
            assertThat(receiver.decryptInPlace(buffer, 0, 17)).isEqualTo(NoiseStatus.NONCE_EXHAUSTED);
            sender.rekey();
            receiver.rekey();
        }
        assertThat(buffer.asSlice(0, 32).toArray(JAVA_BYTE)).isEqualTo(before);
    }

    @Test
    void aForgeryTakesNoNonceAndGivesNoText() {
        buffer.fill((byte) 1);
        final int sealed = sender.encryptInPlace(buffer, 0, LENGTH);
        final byte[] message = buffer.asSlice(0, sealed).toArray(JAVA_BYTE);
        buffer.set(JAVA_BYTE, LENGTH, (byte) (message[LENGTH] ^ 1));

        assertThat(receiver.decryptInPlace(buffer, 0, sealed)).isEqualTo(NoiseStatus.BAD_TAG);
        assertThat(buffer.asSlice(0, LENGTH).toArray(JAVA_BYTE)).containsOnly(0);
        assertThat(receiver.nonce()).isZero();

        buffer.copyFrom(MemorySegment.ofArray(message));
        assertThat(receiver.decryptInPlace(buffer, 0, sealed)).isEqualTo(LENGTH);
        assertThat(receiver.nonce()).isEqualTo(1);
    }

    @Test
    void lengthsBeyondTheSpecificationAreRefused() {
        assertThat(sender.encryptInPlace(buffer, 0, CipherState.MAX_TEXT_LENGTH + 1))
                .isEqualTo(NoiseStatus.MESSAGE_TOO_LONG);
        assertThat(receiver.decryptInPlace(buffer, 0, CipherState.MAX_MESSAGE_LENGTH + 1))
                .isEqualTo(NoiseStatus.MESSAGE_TOO_LONG);
        assertThat(receiver.decryptInPlace(buffer, 0, 15)).isEqualTo(NoiseStatus.MESSAGE_TOO_SHORT);
        assertThat(sender.nonce()).isZero();
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> sender.encryptInPlace(buffer, CipherState.MAX_MESSAGE_LENGTH, 0));
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> sender.encryptInPlace(buffer, 0, -1));
    }

    @Test
    void theKeyIsGoneOnceTakenOrClosed() {
        final NoiseTransport transport = pair(new byte[32]);
        final byte[][] taken = transport.giveKeys((send, receive) -> new byte[][] {copyOf(send), copyOf(receive)});
        assertThat(taken).isDeepEqualTo(new byte[][] {key, new byte[32]});
        assertThatIllegalStateException().isThrownBy(() -> transport.send().encryptInPlace(buffer, 0, 1));
        assertThatIllegalStateException().isThrownBy(() -> transport.receive().decryptInPlace(buffer, 0, 17));
        receiver.close();
        receiver.close();
        assertThatIllegalStateException().isThrownBy(() -> receiver.decryptInPlace(buffer, 0, 17));
        assertThatIllegalStateException().isThrownBy(receiver::rekey);
        assertThatIllegalStateException().isThrownBy(() -> receiver.copyKey(buffer));
    }

    @Test
    void eachOfAPairLivesUntilItIsClosedItself() {
        final NoiseTransport pair = pair(key);
        pair.receive().close();
        pair.receive().close();
        assertThatIllegalStateException().isThrownBy(() -> pair.receive().copyKey(buffer));
        final int sealed = pair.send().encryptInPlace(buffer, 0, 20);
        assertThat(receiver.decryptInPlace(buffer, 0, sealed)).isEqualTo(20);
        pair.send().close();
        assertThatIllegalStateException().isThrownBy(() -> pair.send().encryptInPlace(buffer, 0, 1));
    }

    @Test
    void eachDirectionHasATypeThatCanDoNothingOfTheOther() {
        assertThat(SendingCipherState.class.getMethods())
                .noneMatch(each -> each.getName().startsWith("decrypt"));
        assertThat(SendingCipherState.class.getMethods())
                .noneMatch(each -> each.getName().equals("setNonce"));
        assertThat(ReceivingCipherState.class.getMethods())
                .noneMatch(each -> each.getName().startsWith("encrypt"));
        assertThat(SendingCipherState.class.getSuperclass()).isEqualTo(CipherState.class);
        assertThat(ReceivingCipherState.class.getSuperclass()).isEqualTo(CipherState.class);
    }

    private NoiseTransport pair(byte[] receiveKey) {
        return NoiseTransport.of(MemorySegment.ofArray(key), MemorySegment.ofArray(receiveKey), new byte[32], null);
    }

    private byte[] copyOf(CipherState cipher) {
        final MemorySegment copy = arena.allocate(CipherState.KEY_LENGTH);
        cipher.copyKey(copy);
        return copy.toArray(JAVA_BYTE);
    }

    @Test
    void allocatesNothingPerMessage() {
        final var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 3_000 && least > 0; round++) {
            final long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 16; i++) {
                final int sealed = sender.encryptInPlace(buffer, 2, LENGTH, buffer, 0, 2);
                if (receiver.decryptInPlace(buffer, 2, sealed, buffer, 0, 2) != LENGTH) {
                    throw new AssertionError("not authentic");
                }
            }
            sender.rekey();
            receiver.rekey();
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertThat(least).as("bytes for 16 messages and a rekey").isZero();
    }

    private static byte[] jdk(byte[] key, byte[] nonce, byte[] ad, byte[] text) throws GeneralSecurityException {
        final Cipher cipher = Cipher.getInstance("ChaCha20-Poly1305");
        cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "ChaCha20"), new IvParameterSpec(nonce));
        cipher.updateAAD(ad);
        return cipher.doFinal(text);
    }
}
