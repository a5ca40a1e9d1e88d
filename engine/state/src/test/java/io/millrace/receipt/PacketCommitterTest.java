package io.millrace.receipt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.crypto.Randomness;
import io.millrace.crypto.SecureRandomness;
import io.millrace.tlog.Hash;
import io.millrace.tlog.MalformedException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A receipt's digest tells nothing of its packets, and its opening exactly which they are. */
class PacketCommitterTest {
    private final Arena arena = Arena.ofConfined();
    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private final MemorySegment digest = arena.allocate(Hash.LENGTH);

    @AfterEach
    void closeArena() {
        System.out.println("PacketCommitterTest seed " + seed);
        arena.close();
    }

    @Test
    void theOpeningCoversThePacketsAndNoOthers() throws MalformedException {
        final PacketCommitter committer = new PacketCommitter(arena, new SecureRandomness());
        for (int packets : new int[] {1, 2, 63, PacketCommitter.MAX_PACKETS}) {
            final long[] tags = tags(packets);
            committer.commit(tags, packets, digest);
            final Receipt receipt = receipt(packets);

            final ReceiptOpening opening = opening(committer);

            assertThat(opening.packets()).isEqualTo(packets);
            assertThat(opening.opens(receipt)).isTrue();
            for (int i = 0; i < packets; i++) {
                assertThat(opening.covers(tags[2 * i], tags[2 * i + 1])).isTrue();
                assertThat(opening.covers(tags[2 * i], tags[2 * i + 1] ^ 1)).isFalse();
            }
        }
    }

    @Test
    void anOpeningThatWasChangedOpensNothing() throws MalformedException {
        final PacketCommitter committer = new PacketCommitter(arena, new SecureRandomness());
        committer.commit(tags(3), 3, digest);
        final byte[] bytes = opening(committer).encode();
        for (int bit = 0; bit < 8 * bytes.length; bit++) {
            bytes[bit / 8] ^= (byte) (1 << bit % 8);
            try {
                assertThat(ReceiptOpening.decode(bytes).opens(receipt(3)))
                        .as("bit " + bit)
                        .isFalse();
            } catch (MalformedException e) {
                assertThat(e).hasMessageContaining("not in order");
            }
            bytes[bit / 8] ^= (byte) (1 << bit % 8);
        }
        assertThat(ReceiptOpening.decode(bytes).opens(receipt(3))).isTrue();
        assertThat(ReceiptOpening.decode(bytes).opens(receipt(2))).isFalse();
        assertThatThrownBy(() -> ReceiptOpening.decode(new byte[32])).isInstanceOf(MalformedException.class);
        assertThatThrownBy(() -> ReceiptOpening.decode(new byte[33])).isInstanceOf(MalformedException.class);
    }

    /** The same packets under two nonces have nothing in common, and no hash over the tags alone gives the digest. */
    @Test
    void theDigestHidesThePacketsFromThoseWhoHaveAllTags() throws Exception {
        final PacketCommitter committer = new PacketCommitter(arena, new SecureRandomness());
        final long[] tags = tags(1);
        committer.commit(tags, 1, digest);
        final byte[] first = digest.toArray(ValueLayout.JAVA_BYTE);
        committer.commit(tags, 1, digest);

        assertThat(digest.toArray(ValueLayout.JAVA_BYTE)).isNotEqualTo(first);
        final byte[] tag = ByteBuffer.allocate(16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(tags[0])
                .putLong(tags[1])
                .array();
        assertThat(first).isNotEqualTo(MessageDigest.getInstance("SHA-256").digest(tag));
    }

    @Test
    void theOrderOfLeavingDoesNotMatter() throws MalformedException {
        final Randomness fixed = segment -> segment.fill((byte) 7);
        final PacketCommitter committer = new PacketCommitter(arena, fixed);
        final long[] tags = tags(20);
        committer.commit(tags, 20, digest);
        final byte[] opening = opening(committer).encode();
        for (int i = 0; i < 10; i++) {
            for (int word = 0; word < 2; word++) {
                final long kept = tags[2 * i + word];
                tags[2 * i + word] = tags[2 * (19 - i) + word];
                tags[2 * (19 - i) + word] = kept;
            }
        }
        committer.commit(tags, 20, digest);

        assertThat(opening(committer).encode()).isEqualTo(opening);
    }

    private ReceiptOpening opening(PacketCommitter committer) throws MalformedException {
        final byte[] bytes = new byte[committer.openingLength()];
        committer.copyOpening(MemorySegment.ofArray(bytes), 0);
        return ReceiptOpening.decode(bytes);
    }

    private Receipt receipt(int packets) {
        final ReceiptId id = new ReceiptId(1, 2);
        final Hash hash = Hash.of(digest.toArray(ValueLayout.JAVA_BYTE));
        return new Receipt(id, id, Operation.FORWARDED.code(), id, 0, hash, packets, 0);
    }

    private long[] tags(int packets) {
        return random.longs(2L * packets).toArray();
    }
}
