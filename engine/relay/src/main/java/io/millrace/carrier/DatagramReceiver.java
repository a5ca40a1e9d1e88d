package io.millrace.carrier;

import io.millrace.memory.TrackedArena;
import io.millrace.natives.LinuxSocket;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The receiving half of {@link LinuxUdpCarrier}: up to 32 messages a system call, straight into the rooms.
 *
 * <p>On a socket that coalesces, datagrams of one sender and length that follow each other may come as one message (generic
 * receive offload): one pass through the kernel for all of them. The first bytes of each message go into a room, the rest into
 * this class's memory. A message of one datagram is then where it belongs. As soon as one holds several, they are cut apart, in
 * the order in which they came, into the rooms that follow; those that find no room are the first of the next call.
 *
 * <p>Not thread safe; belongs to the I/O thread. Allocates nothing.
 */
final class DatagramReceiver {
    private static final int MESSAGES = 32;
    private static final int LARGEST_MESSAGE = 65_536;
    private static final int EMPTY_CALLS_PER_QUESTION = 1_024;

    private final MemorySegment errnoState;
    private final MessageVector messages;
    private final MemorySegment names;
    private final MemorySegment controls;
    private final MemorySegment wholes; // null: one message, one datagram
    private final LocalAddresses localAddresses; // null: the socket has but one
    private final int family;
    private final int[] lengths = new int[MESSAGES];
    private final int[] segmentLengths = new int[MESSAGES];
    private final int[] peers = new int[MESSAGES];
    private final int[] origins = new int[MESSAGES];
    private final AtomicLong errors = new AtomicLong();
    private int next; // message of which the next datagram is to be cut off
    private int end; // of the messages that are to be cut apart
    private int offset; // of that datagram in its message
    private int emptyCalls;

    /**
     * Makes one.
     *
     * @param errnoState of the thread that makes it.
     * @param family of the socket's addresses.
     * @param localAddresses of a socket that gives each datagram with its local address; else null.
     * @param coalescing whether the socket may give several datagrams as one.
     */
    DatagramReceiver(
            TrackedArena arena,
            MemorySegment errnoState,
            int family,
            LocalAddresses localAddresses,
            boolean coalescing) {
        this.errnoState = errnoState;
        this.family = family;
        this.localAddresses = localAddresses;
        this.messages = new MessageVector(arena, MESSAGES, 2 * MESSAGES, family);
        this.names = arena.allocate((long) MESSAGES * SocketAddresses.ROOM_LENGTH, 64);
        this.controls = arena.allocate((long) MESSAGES * ControlMessages.ROOM_LENGTH, 64);
        this.wholes = coalescing ? arena.allocate((long) MESSAGES * LARGEST_MESSAGE, 64) : null;
        for (int i = 0; i < MESSAGES; i++) {
            messages.message(i, names.address() + name(i), SocketAddresses.ROOM_LENGTH, 2 * i, coalescing ? 2 : 1);
        }
    }

    /** Errors that a call of the system met and that lasted; any thread. */
    long errors() {
        return errors.get();
    }

    /**
     * Receives, as {@link Carrier#receive} says.
     *
     * @param fd descriptor of the socket.
     * @param table knows the peers by their addresses.
     */
    int receive(int fd, PeerTable table, DatagramBatch frames, int limit, int roomLength) {
        frames.requireOpen();
        if (frames.memory().isReadOnly()) {
            throw new IllegalArgumentException("the memory of the frames is read only");
        }
        int count = cutApart(frames, 0, limit, roomLength);
        while (count < limit) {
            final int wanted = Math.min(limit - count, MESSAGES);
            offerRooms(frames, count, wanted, roomLength);
            final int received = call(fd, wanted, frames.memory());
            final int whole = describe(table, received);
            for (int i = 0; i < whole; i++) {
                frames.filled(count + i, lengths[i], peers[i], origins[i]);
            }
            if (whole < received) {
                gather(frames, count, whole, received, roomLength);
                count = cutApart(frames, count + whole, limit, roomLength);
            } else {
                count += received;
            }
            if (received < wanted) {
                break;
            }
        }
        return count;
    }

    private void offerRooms(DatagramBatch frames, int from, int count, int roomLength) {
        for (int i = 0; i < count; i++) {
            messages.part(2 * i, address(frames, from + i, roomLength), roomLength);
            if (wholes != null) {
                final int head = Math.min(roomLength, LARGEST_MESSAGE);
                messages.part(2 * i + 1, wholes.address() + whole(i) + head, LARGEST_MESSAGE - head);
            }
            messages.nameLength(i, SocketAddresses.ROOM_LENGTH);
            if (localAddresses != null || wholes != null) {
                messages.controlRoom(i, controls.address() + control(i), ControlMessages.ROOM_LENGTH);
            }
        }
    }

    /** Reads what the system says of the messages; gives the number of the first that holds several datagrams. */
    private int describe(PeerTable table, int received) {
        int first = received;
        for (int i = received - 1; i >= 0; i--) {
            lengths[i] = messages.datagramLength(i);
            peers[i] = SocketAddresses.peer(table, names, name(i));
            origins[i] = origin(peers[i], i);
            segmentLengths[i] = wholes == null
                    ? lengths[i]
                    : ControlMessages.segmentLength(controls, control(i), messages.controlLength(i), lengths[i]);
            if (segmentLengths[i] < lengths[i]) {
                first = i;
            }
        }
        return first;
    }

    /** Puts the messages from {@code first} on together in this class's memory; their first bytes are in the rooms. */
    private void gather(DatagramBatch frames, int from, int first, int received, int roomLength) {
        for (int i = first; i < received; i++) {
            final int head = Math.min(lengths[i], Math.min(roomLength, LARGEST_MESSAGE));
            MemorySegment.copy(frames.memory(), frames.position(from + i), wholes, whole(i), head);
        }
        next = first;
        end = received;
        offset = 0;
    }

    /** Fills the rooms from {@code count} on with gathered datagrams; gives the number of rooms that are filled. */
    private int cutApart(DatagramBatch frames, int count, int limit, int roomLength) {
        int filled = count;
        while (next < end && filled < limit) {
            final int length = Math.min(segmentLengths[next], lengths[next] - offset);
            Objects.checkFromIndexSize(
                    frames.position(filled), roomLength, frames.memory().byteSize());
            MemorySegment.copy(
                    wholes,
                    whole(next) + offset,
                    frames.memory(),
                    frames.position(filled),
                    Math.min(length, roomLength));
            frames.filled(filled, length, peers[next], origins[next]);
            filled++;
            offset += length;
            if (offset >= lengths[next]) {
                next++;
                offset = 0;
            }
        }
        return filled;
    }

    private int call(int fd, int wanted, MemorySegment memory) {
        final int flags = LinuxSocket.MSG_DONTWAIT | LinuxSocket.MSG_TRUNC;
        final int received = LinuxSocket.recvmmsg(fd, messages.messages(), wanted, flags, memory);
        if (received >= 0) {
            return received;
        }
        // Almost always just nothing to receive. To ask for the reason costs an object, so it is asked now and then: a
        // single error passes unseen, as it does no harm, and one that lasts is counted.
        emptyCalls++;
        if (emptyCalls % EMPTY_CALLS_PER_QUESTION != 0) {
            return 0;
        }
        final int result = LinuxSocket.recvmmsg(errnoState, fd, messages.messages(), wanted, flags, memory);
        if (result < 0 && result != -LinuxSocket.EAGAIN && result != -LinuxSocket.EINTR) {
            errors.incrementAndGet();
        }
        return Math.max(0, result);
    }

    /** Origin of the datagrams in message {@code index}. */
    private int origin(int peer, int index) {
        if (localAddresses == null || peer < 0) {
            return peer;
        }
        final long at = PacketInfo.find(controls, control(index), messages.controlLength(index), family);
        return at == ControlMessages.ABSENT
                ? peer
                : localAddresses.origin(
                        peer,
                        PacketInfo.high(controls, at, family),
                        PacketInfo.low(controls, at, family),
                        PacketInfo.interfaceIndex(controls, at, family));
    }

    private static long address(DatagramBatch frames, int index, int bytes) {
        final MemorySegment memory = frames.memory();
        return memory.address() + Objects.checkFromIndexSize(frames.position(index), bytes, memory.byteSize());
    }

    private static long name(int index) {
        return (long) index * SocketAddresses.ROOM_LENGTH;
    }

    private static long control(int index) {
        return (long) index * ControlMessages.ROOM_LENGTH;
    }

    private static long whole(int index) {
        return (long) index * LARGEST_MESSAGE;
    }
}
