package io.millrace.contract;

import io.millrace.crypto.MlKem768;
import io.millrace.htx.handshake.InitiatorHandshake;
import io.millrace.link.LinkFrame;
import io.millrace.natives.SodiumHmacSha256;
import io.millrace.natives.SodiumSha256;
import io.millrace.natives.SodiumSha512;
import io.millrace.relay.packet.PacketSource;
import io.millrace.sphinx.SphinxGeometry;
import io.millrace.sphinx.Surb;
import java.lang.reflect.Executable;
import java.lang.reflect.Parameter;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.Pattern;

/** Lengths of segments and values of numbers that make a call valid, by the names of the parameters. */
final class Shapes {
    /** Length of a segment that no table names. */
    static final int SOME = 64;

    private static final int PACKET = SphinxGeometry.MR1.packetLength() + SphinxGeometry.SPILL_LENGTH;

    private static final Pattern LENGTH = Pattern.compile("(?i).*(len|length|count|size|stride|offset)");

    /** Lengths that a binding takes in addition to the segment. */
    private static final Pattern BINDING_LENGTH = Pattern.compile("(?i).*(len|length|size|stride)");

    /** By name, where all methods agree. */
    private static final Map<String, Integer> BY_NAME = Map.ofEntries(
            Map.entry("key", 32),
            Map.entry("nonce", 12),
            Map.entry("tag", 16),
            Map.entry("out", 32),
            Map.entry("p", 32),
            Map.entry("q", 32),
            Map.entry("x", 32),
            Map.entry("y", 32),
            Map.entry("scalar", 32),
            Map.entry("uniform", 32),
            Map.entry("publicKey", 32),
            Map.entry("secretKey", 32),
            Map.entry("sharedSecret", 32),
            Map.entry("remoteStatic", 32),
            Map.entry("peer", 32),
            Map.entry("responder", 32),
            Map.entry("first", 32),
            Map.entry("seed", 32),
            Map.entry("root", 32),
            Map.entry("identitySeed", 32),
            Map.entry("digest", 32),
            Map.entry("prk", 32),
            Map.entry("signature", 64),
            Map.entry("salt", 16),
            Map.entry("personal", 16),
            Map.entry("pi", 80),
            Map.entry("vrfOutput", 64),
            Map.entry("vrfGamma", 32),
            Map.entry("limit", 1),
            Map.entry("capacity", 1),
            Map.entry("count", 1),
            Map.entry("slotCount", 64),
            Map.entry("bodyLength", 64),
            Map.entry("linkCount", 1),
            Map.entry("patienceNs", 1_000_000_000),
            Map.entry("byteAlignment", 8),
            Map.entry("maxLength", 1 << 14),
            Map.entry("packets", PACKET),
            Map.entry("delta", SphinxGeometry.MR1.payloadLength()),
            Map.entry("surb", Surb.length(SphinxGeometry.MR1)),
            Map.entry("errnoState", 4));

    /** By class, method and name, where they do not. */
    private static final Map<String, Integer> EXACT = exact();

    private Shapes() {}

    private static Map<String, Integer> exact() {
        final Map<String, Integer> exact = new HashMap<>();
        for (String method : new String[] {"init", "update", "finish"}) {
            exact.put("SodiumSha256." + method + ".state", SodiumSha256.STATE_BYTES);
            exact.put("SodiumSha512." + method + ".state", SodiumSha512.STATE_BYTES);
            exact.put("SodiumHmacSha256." + method + ".state", SodiumHmacSha256.STATE_BYTES);
        }
        exact.put("SodiumSha512.hash.out", SodiumSha512.BYTES);
        exact.put("SodiumSha512.finish.out", SodiumSha512.BYTES);
        exact.put("SodiumBlake2b.hash.out", SOME);
        exact.put("SodiumBlake2b.hash.key", SOME);
        exact.put("SodiumBlake2b.hashSaltPersonal.out", SOME);
        exact.put("SodiumBlake2b.hashSaltPersonal.key", SOME);
        exact.put("SodiumHmacSha256.init.key", SOME);
        exact.put("Sha512.hash.out", 64);
        exact.put("EdwardsScalars.reduce.wide", 64);
        exact.put("SphinxWrapper.wrap.target", PACKET);
        exact.put("SurbReplier.reply.target", PACKET);
        exact.put("SurbVault.create.target", Surb.length(SphinxGeometry.MR1));
        exact.put("WrapBatch.new.target", PACKET);
        exact.put("LinkSealer.new.memory", LinkFrame.FRAME_LENGTH);
        exact.put("LinkOpener.new.memory", LinkFrame.FRAME_LENGTH);
        exact.put("LinkOpener.add.length", LinkFrame.FRAME_LENGTH);
        exact.put("FrameSealer.new.memory", 256);
        exact.put("FrameOpener.new.memory", 256);
        exact.put("FrameSealer.seal.typeAndFlags", 1);
        exact.put("FrameSealer.add.typeAndFlags", 1);
        exact.put("FrameSealer.seal.streamId", 1);
        exact.put("FrameSealer.add.streamId", 1);
        exact.put("FrameSealer.seal.payloadLength", 256 - 4 - 16);
        exact.put("FrameSealer.add.payloadLength", 256 - 4 - 16);
        exact.put("FrameOpener.open.available", 256);
        exact.put("DatagramBatch.new.memory", 4096);
        exact.put("RelayEngine.offer.memory", SphinxGeometry.MR1.packetLength());
        exact.put("RelayEngine.offer.epoch", 1);
        exact.put("RelayEngine.offer.source", PacketSource.APPLICATION);
        exact.put("RelayEngine.originate.memory", SphinxGeometry.MR1.packetLength());
        for (String provider : new String[] {"BatchCrypto", "SodiumBatchCrypto"}) {
            exact.put(provider + ".blake2b.outLength", 32);
            for (String text : new String[] {
                "chacha20Xor.length", "aeadSeal.length", "aeadOpen.length", "blake2b.inLength", "sha512.inLength"
            }) {
                exact.put(provider + "." + text, 48);
            }
            exact.put(provider + ".blake2b.keyLength", 32);
        }
        exact.put("MlKem768KeyPair.decapsulate.ciphertext", 1088);
        exact.put("MlKem768KeyPair.decapsulate.secret", 32);
        exact.put("X25519Together.sharedSecrets.sharedSecrets", 32);
        exact.put("X25519Together.sharedSecrets.secretKeys", 32);
        exact.put("X25519Together.sharedSecrets.publicKeys", 32);
        exact.put("Poly1305.tag.out", 16);
        exact.put("SignatureBatch.new.messageLength", 8);
        exact.put("Aead.seal.length", 48);
        exact.put("Aead.open.length", 48);
        exact.put("SendingCipherState.encryptInPlace.length", 48);
        exact.put("ReceivingCipherState.decryptInPlace.length", 64);
        exact.put("CipherState.copyKey.target", 32);
        exact.put("PacketCommitter.commit.packets", 1);
        exact.put("HandshakeState.writeMessage.out", 128);
        exact.put("HandshakeState.readMessage.length", 64);
        exact.put("HandshakeState.givePsk.secret", 32);
        exact.put("MlKem768.encapsulate.key", MlKem768.KEY_LENGTH);
        exact.put("MlKem768.encapsulate.ciphertext", MlKem768.CIPHERTEXT_LENGTH);
        exact.put("MlKem768.encapsulate.secret", MlKem768.SECRET_LENGTH);
        exact.put("InitiatorHandshake.readSecond.message", InitiatorHandshake.SECOND_LENGTH);
        exact.put("InitiatorHandshake.readSecond.length", InitiatorHandshake.SECOND_LENGTH);
        exact.put("ResponderHandshake.finish.length", InitiatorHandshake.THIRD_LENGTH);
        exact.put("HandshakeAcceptor.begin.message", InitiatorHandshake.FIRST_LENGTH);
        exact.put("HandshakeAcceptor.begin.length", InitiatorHandshake.FIRST_LENGTH);
        exact.put("HandshakeAcceptor.begin.answer", InitiatorHandshake.SECOND_LENGTH);
        exact.put("Admission.check.message", InitiatorHandshake.FIRST_LENGTH);
        exact.put("Admission.check.length", InitiatorHandshake.FIRST_LENGTH);
        // Some bytes, so that the segment is touched.
        exact.put("AppendLog.append.length", 32);
        exact.put("AppendLog.appendPatiently.length", 32);
        exact.put("CborWriter.raw.length", 32);
        exact.put("Frame.parse.length", 16);
        exact.put("MapTwinState.property.propertyLength", 32);
        exact.put("QuicVarint.read.end", 8);
        exact.put("SessionStream.write.length", 32);
        exact.put("StoredReceipts.append.length", 32);
        return exact;
    }

    /** What to begin with: the length of a segment, or the value of a number. */
    static long of(Executable each, Parameter parameter) {
        final String method = each instanceof java.lang.reflect.Constructor ? "new" : each.getName();
        final String name = parameter.getName();
        final Integer exact = EXACT.get(each.getDeclaringClass().getSimpleName() + "." + method + "." + name);
        if (exact != null) {
            return exact;
        }
        final Integer named = BY_NAME.get(name);
        if (named != null) {
            return named;
        }
        if (ExportedClasses.isStrictBinding(each.getDeclaringClass())
                && BINDING_LENGTH.matcher(name).matches()) {
            return SOME;
        }
        return parameter.getType().isPrimitive() ? 0 : SOME;
    }

    /** Another try, where the first is refused. */
    static long other(Parameter parameter, SplittableRandom random) {
        final long[] lengths = {32, 16, 12, 64, 24, 48, 80, 73, 128, 1024, 4096, PACKET, 0, 1};
        final long[] numbers = {0, 1, 2, 8, 16, 32, 64, 1024};
        final long[] from = parameter.getType().isPrimitive() ? numbers : lengths;
        return from[random.nextInt(from.length)];
    }

    /** Whether a number of a binding is a length or a count, and no address. */
    static boolean isLength(Parameter parameter) {
        return parameter.getType() == int.class
                || LENGTH.matcher(parameter.getName()).matches();
    }

    /** Whether a number of the engine is an address: that of an operand of a batch. */
    static boolean isAddress(Parameter parameter) {
        final String type =
                parameter.getDeclaringExecutable().getDeclaringClass().getSimpleName();
        return parameter.getType() == long.class
                && (type.endsWith("BatchCrypto") || type.equals("AddressArray"))
                && java.util.Set.of("salt", "personal", "address", "first").contains(parameter.getName());
    }
}
