package io.millrace.link;

import static io.millrace.fuzz.FuzzInput.require;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.crypto.SecretKey;
import io.millrace.crypto.provider.CryptoProviders;
import io.millrace.frame.FrameStatus;
import io.millrace.fuzz.FuzzInput;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/** Datagrams of any length and bytes, frames damaged, repeated and out of order: each genuine one is taken once at most. */
public final class LinkFrameProperty {
    private static final int ROOM = 4_096;
    private static final int FRAMES = 8;
    private static final Arena ARENA = Arena.global();
    private static final MemorySegment MEMORY = ARENA.allocate(ROOM, 64);
    private static final LinkSealer SEALER = new LinkSealer(ARENA, CryptoProviders.byName("sodium"), MEMORY, 1);
    private static final LinkOpener OPENER = new LinkOpener(ARENA, CryptoProviders.byName("sodium"), MEMORY, 1);
    private static final byte[][] GENUINE = genuine();

    private LinkFrameProperty() {}

    /** Each decision is one datagram. */
    public static void holds(FuzzInput input) {
        final Set<Integer> taken = new HashSet<>();
        try (Link link = link(2, 1)) {
            for (int count = 0; input.hasMore() && count < 32; count++) {
                final int decision = input.next();
                final int index = (decision >> 2) % FRAMES;
                final byte[] datagram = switch (decision & 3) {
                    case 0 -> input.bytes(input.next(ROOM));
                    case 1 -> GENUINE[index];
                    default -> input.damage(GENUINE[index]);
                };
                final int status = open(link, datagram);
                if (Arrays.equals(datagram, GENUINE[index])) {
                    final boolean first = taken.add(index);
                    require(
                            status == (first ? FrameStatus.OK : FrameStatus.OLD_OR_DUPLICATE),
                            "a genuine frame: status=" + status + ", first=" + first);
                } else {
                    require(status != FrameStatus.OK, "a frame that was not sent");
                }
            }
        }
    }

    private static int open(Link link, byte[] datagram) {
        MEMORY.fill((byte) 0);
        MemorySegment.copy(datagram, 0, MEMORY, JAVA_BYTE, 0, datagram.length);
        final int added = OPENER.add(0, datagram.length, link, true);
        if (added != FrameStatus.OK) {
            return added;
        }
        require(OPENER.open() == 1, "one was added");
        final int status = OPENER.status(0);
        return status == FrameStatus.OK && !link.accept(OPENER.counter(0)) ? FrameStatus.OLD_OR_DUPLICATE : status;
    }

    private static byte[][] genuine() {
        final byte[][] frames = new byte[FRAMES][];
        try (Link link = link(1, 2)) {
            for (int i = 0; i < FRAMES; i++) {
                MEMORY.fill((byte) i);
                require(SEALER.add(0, link, 0), "the link is up");
                SEALER.seal();
                frames[i] = MEMORY.asSlice(0, LinkFrame.FRAME_LENGTH).toArray(JAVA_BYTE);
            }
        }
        return frames;
    }

    private static Link link(int sending, int receiving) {
        return new Link(new LinkKeys(key(sending), key(receiving)), 0);
    }

    private static SecretKey key(int number) {
        final byte[] key = new byte[SecretKey.LENGTH];
        Arrays.fill(key, (byte) number);
        return SecretKey.takeFrom(key);
    }
}
