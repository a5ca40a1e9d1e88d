package io.millrace.sphinx;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPrivateKeySpec;
import java.security.spec.XECPublicKeySpec;
import java.util.Arrays;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.spec.ChaCha20ParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The wire profiles written a second time from the paper and their descriptions: plain, slow, on the heap, with the JDK's
 * X25519 and ChaCha20. Shares no code with the engine, not even its constants. {@link PlainMr1} and {@link PlainMr2} have
 * the parts in which the profiles differ.
 */
@SuppressWarnings("ArrayRecordComponent") // the records carry bytes; they are never compared
abstract class PlainSphinx {
    static final int PACKET = 2048;
    static final int BETA = 976;

    /** All that a shared secret gives. */
    record Keys(
            byte[] mac,
            byte[] tag,
            byte[] delayTag,
            byte[] header,
            byte[] headerRest,
            byte[] stream1,
            byte[] stream2,
            byte[] hash) {}

    /** One hop of a path, command as 32 raw bytes. */
    record Hop(byte[] publicKey, byte[] command) {}

    /** Result of a hop for a packet; {@code packet} is the one for the next hop. */
    record Peeled(byte[] command, byte[] packet, byte[] tag, byte[] delayTag) {}

    /** A header and the keys of its hops. */
    record Header(byte[] bytes, List<Keys> keys) {}

    /** A hop with its alpha and its keys. */
    record Keyed(byte[] alpha, Keys keys, byte[] command) {}

    private final String label;
    private final int block;
    private final int delayTagBlock;
    private final int delayTagAt;

    PlainSphinx(String label, int block, int delayTagBlock, int delayTagAt) {
        this.label = label;
        this.block = block;
        this.delayTagBlock = delayTagBlock;
        this.delayTagAt = delayTagAt;
    }

    static PlainSphinx of(SphinxProfile profile) {
        return profile == SphinxProfile.MR1 ? new PlainMr1() : new PlainMr2();
    }

    /** Length of the sender's secrets of a path, all of them, in the order in which they are drawn. */
    abstract int secretsLength(int pathLength);

    /** Alpha and keys of each hop from the sender's secrets. */
    abstract List<Keyed> derive(byte[] secrets, List<Hop> hops);

    /** The bytes between a command and the next gamma. */
    abstract byte[] nextAlpha(byte[] alpha);

    /** The stream over beta and one block. */
    abstract byte[] headerStream(Keys keys);

    /** What replaces the header, from {@code plain}, the decrypted beta and block. */
    abstract byte[] nextHeader(Keys keys, byte[] alpha, byte[] plain);

    /** Number of random bytes after the last command. */
    int paddingLength(int pathLength) {
        return BETA - block * (pathLength - 1) - 32;
    }

    /** {@code alpha || gamma || beta}; {@code padding} fills the rest of beta after the last hop's command. */
    Header header(byte[] secrets, List<Hop> hops, byte[] padding) {
        return header(derive(secrets, hops), padding);
    }

    /** A header for one hop whose alpha and secret the caller has found in some other way. */
    Header header(byte[] secret, byte[] alpha, Hop hop, byte[] padding) {
        return header(List.of(new Keyed(alpha, keys(secret, alpha, hop.publicKey()), hop.command())), padding);
    }

    private Header header(List<Keyed> hops, byte[] padding) {
        final int last = hops.size() - 1;
        final int streamLength = BETA + block;
        byte[] filler = {};
        for (int i = 0; i < last; i++) {
            filler = concat(filler, new byte[block]);
            final byte[] stream = headerStream(hops.get(i).keys());
            filler = xor(filler, Arrays.copyOfRange(stream, streamLength - filler.length, streamLength));
        }
        final byte[] front = concat(hops.get(last).command(), padding);
        byte[] beta = concat(xor(front, headerStream(hops.get(last).keys())), filler);
        byte[] gamma = mac(hops.get(last).keys(), beta);
        for (int i = last - 1; i >= 0; i--) {
            final byte[] next = nextAlpha(hops.get(i + 1).alpha());
            final byte[] plain = Arrays.copyOf(concat(hops.get(i).command(), next, gamma, beta), BETA);
            beta = xor(plain, headerStream(hops.get(i).keys()));
            gamma = mac(hops.get(i).keys(), beta);
        }
        return new Header(
                concat(hops.getFirst().alpha(), gamma, beta),
                hops.stream().map(Keyed::keys).toList());
    }

    /** A packet; arguments as for {@link #header}. */
    byte[] wrap(byte[] secrets, List<Hop> hops, byte[] padding, byte[] payload) {
        return wrap(header(secrets, hops, padding), payload);
    }

    byte[] wrap(Header header, byte[] payload) {
        byte[] delta = innermost(payload);
        for (Keys keys : header.keys().reversed()) {
            delta = lionessEncrypt(keys, delta);
        }
        return concat(header.bytes(), delta);
    }

    /** A reply to a SURB; {@code header} and {@code payloadKey} are its contents. */
    byte[] reply(byte[] header, byte[] payloadKey, byte[] payload) {
        return concat(header, lionessEncrypt(surbKeys(payloadKey), innermost(payload)));
    }

    /** Peels one layer, or returns null if gamma does not verify. */
    Peeled peel(byte[] secretKey, byte[] publicKey, byte[] packet) {
        final byte[] alpha = Arrays.copyOfRange(packet, 0, 32);
        final byte[] gamma = Arrays.copyOfRange(packet, 32, 48);
        final byte[] beta = Arrays.copyOfRange(packet, 48, 1024);
        final byte[] delta = Arrays.copyOfRange(packet, 1024, PACKET);
        final Keys keys = keys(x25519(secretKey, alpha), alpha, publicKey);
        if (!MessageDigest.isEqual(mac(keys, beta), gamma)) {
            return null;
        }
        final byte[] plain = xor(concat(beta, new byte[block]), headerStream(keys));
        final byte[] next = concat(nextHeader(keys, alpha, plain), lionessDecrypt(keys, delta));
        return new Peeled(Arrays.copyOf(plain, 32), next, keys.tag(), keys.delayTag());
    }

    static byte[] command(int type, long reserved, long delayNs, byte[] id) {
        return ByteBuffer.allocate(32)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(type | reserved << 8)
                .putLong(delayNs)
                .put(id)
                .array();
    }

    static byte[] relayId(byte[] publicKey) {
        return PlainBlake2b.hash(16, new byte[0], 0, "millrace-relayid", publicKey);
    }

    static byte[] x25519(byte[] scalar, byte[] u) {
        try {
            final KeyFactory factory = KeyFactory.getInstance("X25519");
            final PrivateKey privateKey =
                    factory.generatePrivate(new XECPrivateKeySpec(NamedParameterSpec.X25519, scalar));
            final PublicKey publicKey =
                    factory.generatePublic(new XECPublicKeySpec(NamedParameterSpec.X25519, number(u)));
            final KeyAgreement agreement = KeyAgreement.getInstance("X25519");
            agreement.init(privateKey);
            agreement.doPhase(publicKey, true);
            return agreement.generateSecret();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    static byte[] basePoint() {
        final byte[] u = new byte[32];
        u[0] = 9;
        return u;
    }

    private static byte[] innermost(byte[] payload) {
        final byte[] delta = new byte[1024];
        delta[16] = (byte) payload.length;
        delta[17] = (byte) (payload.length >> 8);
        System.arraycopy(payload, 0, delta, 18, payload.length);
        return delta;
    }

    Keys keys(byte[] secret, byte[] alpha, byte[] publicKey) {
        final byte[] prk = PlainBlake2b.hash(64, secret, 0, "millrace-" + label + "-kdf", concat(alpha, publicKey));
        final byte[][] okm = new byte[4][];
        for (int i = 0; i < 4; i++) {
            okm[i] = PlainBlake2b.hash(64, prk, i, "millrace-" + label + "-exp", new byte[0]);
        }
        return new Keys(
                Arrays.copyOfRange(okm[0], 0, 32),
                Arrays.copyOfRange(okm[0], 32, 48),
                Arrays.copyOfRange(okm[delayTagBlock], delayTagAt, delayTagAt + 16),
                Arrays.copyOfRange(okm[1], 0, 32),
                Arrays.copyOfRange(okm[1], 32, 64),
                Arrays.copyOfRange(okm[2], 0, 32),
                Arrays.copyOfRange(okm[2], 32, 64),
                Arrays.copyOfRange(okm[3], 0, 32));
    }

    private Keys surbKeys(byte[] payloadKey) {
        final byte[] first = PlainBlake2b.hash(64, payloadKey, 0, "millrace-" + label + "-srb", new byte[0]);
        final byte[] second = PlainBlake2b.hash(64, payloadKey, 1, "millrace-" + label + "-srb", new byte[0]);
        final byte[] none = {};
        return new Keys(
                none,
                none,
                none,
                none,
                none,
                Arrays.copyOfRange(first, 0, 32),
                Arrays.copyOfRange(first, 32, 64),
                Arrays.copyOfRange(second, 0, 32));
    }

    private byte[] mac(Keys keys, byte[] beta) {
        return PlainBlake2b.hash(16, keys.mac(), 0, "millrace-" + label + "-mac", beta);
    }

    private byte[] lionessEncrypt(Keys keys, byte[] block) {
        byte[] left = Arrays.copyOf(block, 32);
        byte[] right = Arrays.copyOfRange(block, 32, block.length);
        right = xor(right, stream(xor(left, keys.stream1()), right.length));
        left = xor(left, PlainBlake2b.hash(32, keys.hash(), 0, "millrace-" + label + "-lh1", right));
        right = xor(right, stream(xor(left, keys.stream2()), right.length));
        left = xor(left, PlainBlake2b.hash(32, keys.hash(), 0, "millrace-" + label + "-lh2", right));
        return concat(left, right);
    }

    private byte[] lionessDecrypt(Keys keys, byte[] block) {
        byte[] left = Arrays.copyOf(block, 32);
        byte[] right = Arrays.copyOfRange(block, 32, block.length);
        left = xor(left, PlainBlake2b.hash(32, keys.hash(), 0, "millrace-" + label + "-lh2", right));
        right = xor(right, stream(xor(left, keys.stream2()), right.length));
        left = xor(left, PlainBlake2b.hash(32, keys.hash(), 0, "millrace-" + label + "-lh1", right));
        right = xor(right, stream(xor(left, keys.stream1()), right.length));
        return concat(left, right);
    }

    static byte[] stream(byte[] key, int length) {
        try {
            final Cipher cipher = Cipher.getInstance("ChaCha20");
            cipher.init(
                    Cipher.ENCRYPT_MODE,
                    new SecretKeySpec(key, "ChaCha20"),
                    new ChaCha20ParameterSpec(new byte[12], 0));
            return cipher.doFinal(new byte[length]);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static BigInteger number(byte[] littleEndian) {
        final byte[] bigEndian = new byte[32];
        for (int i = 0; i < 32; i++) {
            bigEndian[31 - i] = littleEndian[i];
        }
        return new BigInteger(1, bigEndian);
    }

    private static byte[] xor(byte[] a, byte[] b) {
        final byte[] out = new byte[a.length];
        for (int i = 0; i < a.length; i++) {
            out[i] = (byte) (a[i] ^ b[i]);
        }
        return out;
    }

    static byte[] concat(byte[]... parts) {
        final ByteBuffer out = ByteBuffer.allocate(
                Arrays.stream(parts).mapToInt(part -> part.length).sum());
        for (byte[] part : parts) {
            out.put(part);
        }
        return out.array();
    }
}
