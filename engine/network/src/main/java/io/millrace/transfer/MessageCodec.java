package io.millrace.transfer;

import io.millrace.transfer.TransferMessage.Ack;
import io.millrace.transfer.TransferMessage.Chunk;
import io.millrace.transfer.TransferMessage.Close;
import io.millrace.transfer.TransferMessage.Done;
import io.millrace.transfer.TransferMessage.Offer;
import io.millrace.transfer.TransferMessage.Refused;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;

/**
 * Messages as bytes. Numbers are little endian and unsigned unless said otherwise.
 *
 * <pre>
 *  offset  length  field
 *       0       1  version        1
 *       1       1  type           1 OFFER, 2 CHUNK, 3 ACK, 4 DONE, 5 REFUSED, 6 CLOSE
 *       2      16  transfer id
 *      18          end of DONE
 *
 *  OFFER
 *      18       8  stamp
 *      26       8  file length
 *      34       2  chunk length
 *      36      32  SHA-256 of the file
 *      68      32  the sender's public key
 *     100       1  relays on the way back, r: 0 to 19
 *     101    16 r  their relay ids, the receiver's neighbour first
 *              1   length of the name, n: 1 to 255
 *              n   name in UTF-8
 *
 *  CHUNK                            ACK                                REFUSED, CLOSE
 *      18       4  index                18       4  cumulative             18       1  reason; 1 if completed, else 0
 *      22       8  stamp                22       8  echo
 *      30          data                 30     128  selective bitmap
 * </pre>
 *
 * <p>A message has exactly the length that its fields give it; anything else is malformed.
 */
public final class MessageCodec {
    /** Bytes of a chunk message without its data. */
    public static final int CHUNK_OVERHEAD = 30;

    /** Longest message that is not a chunk, in bytes: an offer with all its relays and the longest name. */
    public static final int MAX_CONTROL_LENGTH =
            102 + ReturnRoute.MAX_RELAYS * ReturnRoute.RELAY_ID_LENGTH + OfferedFile.MAX_NAME_LENGTH;

    private static final int VERSION = 1;
    private static final int OFFER = 1;
    private static final int CHUNK = 2;
    private static final int ACK = 3;
    private static final int DONE = 4;
    private static final int REFUSED = 5;
    private static final int CLOSE = 6;

    private static final int HEADER_LENGTH = 2 + TransferId.LENGTH;
    private static final int OFFER_FIXED_LENGTH = 101;
    private static final int ACK_LENGTH = HEADER_LENGTH + 12 + TransferMessage.WINDOW / Byte.SIZE;
    private static final HexFormat HEX = HexFormat.of();

    private MessageCodec() {}

    /**
     * The message as bytes, ready to be read.
     *
     * @param message any.
     */
    public static ByteBuffer encode(TransferMessage message) {
        final ByteBuffer out = switch (message) {
            case Offer offer -> encodeOffer(offer);
            case Chunk chunk ->
                header(CHUNK, chunk.id(), CHUNK_OVERHEAD + chunk.data().remaining())
                        .putInt(chunk.index())
                        .putLong(chunk.stamp())
                        .put(chunk.data().duplicate());
            case Ack ack -> encodeAck(ack);
            case Done done -> header(DONE, done.id(), HEADER_LENGTH);
            case Refused refused ->
                header(REFUSED, refused.id(), HEADER_LENGTH + 1)
                        .put((byte) refused.reason().code());
            case Close close -> header(CLOSE, close.id(), HEADER_LENGTH + 1).put((byte) (close.completed() ? 1 : 0));
        };
        return out.flip();
    }

    /**
     * Reads the remaining bytes of {@code in}; null if they are no message. The data of a chunk is a view of {@code in}.
     *
     * @param in one message, from its position to its limit.
     */
    public static TransferMessage decode(ByteBuffer in) {
        final ByteBuffer from = in.slice().order(ByteOrder.LITTLE_ENDIAN);
        if (from.remaining() < HEADER_LENGTH || from.get() != VERSION) {
            return null;
        }
        final int type = from.get();
        final TransferId id = new TransferId(from.getLong(), from.getLong());
        return switch (type) {
            case OFFER -> decodeOffer(id, from);
            case CHUNK -> decodeChunk(id, from);
            case ACK -> from.limit() == ACK_LENGTH ? decodeAck(id, from) : null;
            case DONE -> from.hasRemaining() ? null : new Done(id);
            case REFUSED -> from.remaining() == 1 ? decodeRefused(id, from.get()) : null;
            case CLOSE -> from.remaining() == 1 ? decodeClose(id, from.get()) : null;
            default -> null;
        };
    }

    private static ByteBuffer header(int type, TransferId id, int length) {
        return ByteBuffer.allocate(length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) VERSION)
                .put((byte) type)
                .putLong(id.low())
                .putLong(id.high());
    }

    private static ByteBuffer encodeOffer(Offer offer) {
        final OfferedFile file = offer.file();
        final List<String> relayIds = offer.returnRoute().relayIds();
        final byte[] name = file.name().getBytes(StandardCharsets.UTF_8);
        final int length = OFFER_FIXED_LENGTH + relayIds.size() * ReturnRoute.RELAY_ID_LENGTH + 1 + name.length;
        final ByteBuffer out = header(OFFER, offer.id(), length)
                .putLong(offer.stamp())
                .putLong(file.length())
                .putShort((short) file.chunkLength())
                .put(HEX.parseHex(file.sha256()))
                .put(HEX.parseHex(offer.returnRoute().publicKey()))
                .put((byte) relayIds.size());
        relayIds.forEach(id -> out.put(HEX.parseHex(id)));
        return out.put((byte) name.length).put(name);
    }

    private static Offer decodeOffer(TransferId id, ByteBuffer from) {
        if (from.limit() < OFFER_FIXED_LENGTH + 1) {
            return null;
        }
        final long stamp = from.getLong();
        final long length = from.getLong();
        final int chunkLength = Short.toUnsignedInt(from.getShort());
        final String sha256 = hex(from, OfferedFile.SHA256_LENGTH);
        final String publicKey = hex(from, ReturnRoute.PUBLIC_KEY_LENGTH);
        final int relayCount = Byte.toUnsignedInt(from.get());
        if (stamp <= 0
                || chunkLength == 0
                || length < 0
                || length > (long) chunkLength * Integer.MAX_VALUE
                || relayCount > ReturnRoute.MAX_RELAYS
                || from.remaining() < relayCount * ReturnRoute.RELAY_ID_LENGTH + 2) {
            return null;
        }
        final List<String> relayIds = new ArrayList<>(relayCount);
        for (int i = 0; i < relayCount; i++) {
            relayIds.add(hex(from, ReturnRoute.RELAY_ID_LENGTH));
        }
        final int nameLength = Byte.toUnsignedInt(from.get());
        if (nameLength == 0 || nameLength != from.remaining()) {
            return null;
        }
        final String name = utf8(from);
        return name == null
                ? null
                : new Offer(
                        id,
                        stamp,
                        new OfferedFile(name, length, chunkLength, sha256),
                        new ReturnRoute(relayIds, publicKey));
    }

    private static Chunk decodeChunk(TransferId id, ByteBuffer from) {
        if (from.limit() <= CHUNK_OVERHEAD) {
            return null;
        }
        final int index = from.getInt();
        final long stamp = from.getLong();
        return index < 0 || stamp <= 0 ? null : new Chunk(id, index, stamp, from.slice());
    }

    private static ByteBuffer encodeAck(Ack ack) {
        final ByteBuffer out =
                header(ACK, ack.id(), ACK_LENGTH).putInt(ack.cumulative()).putLong(ack.echo());
        out.put(ack.selective().toByteArray());
        return out.position(ACK_LENGTH); // the rest is zeros: chunks that are not there
    }

    private static Ack decodeAck(TransferId id, ByteBuffer from) {
        final int cumulative = from.getInt();
        final long echo = from.getLong();
        final BitSet selective = BitSet.valueOf(from);
        return cumulative < 0 || echo < 0 ? null : new Ack(id, cumulative, echo, selective);
    }

    private static Refused decodeRefused(TransferId id, int code) {
        final RefusalReason reason = RefusalReason.ofCode(code);
        return reason == null ? null : new Refused(id, reason);
    }

    private static Close decodeClose(TransferId id, int code) {
        return code == 0 || code == 1 ? new Close(id, code == 1) : null;
    }

    private static String hex(ByteBuffer from, int length) {
        final byte[] bytes = new byte[length];
        from.get(bytes);
        return HEX.formatHex(bytes);
    }

    private static String utf8(ByteBuffer from) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(from).toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}
