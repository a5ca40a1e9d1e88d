package io.millrace.sphinx;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Which alphas are refused before they can do harm. */
@ParameterizedClass
@EnumSource(SphinxProfile.class)
class GroupElementTest {
    private static final BigInteger P = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));

    @RegisterExtension
    final SphinxNetwork network;

    GroupElementTest(SphinxProfile profile) {
        network = new SphinxNetwork(20260105, profile);
    }

    /** Source: RFC 7748 section 6.1; the u-coordinates of all points of order 1, 2, 4 and 8, on the curve and its twist. */
    private static List<BigInteger> lowOrder() {
        return List.of(
                BigInteger.ZERO,
                BigInteger.ONE,
                P.subtract(BigInteger.ONE),
                new BigInteger("325606250916557431795983626356110631294008115727848805560023387167927233504"),
                new BigInteger("39382357235489614581723060781553021112529911719440698176882885853963445705823"));
    }

    @Test
    void everyPointOfLowOrderIsRefusedInEveryEncoding() {
        final List<byte[]> alphas = new ArrayList<>();
        for (BigInteger u : lowOrder()) {
            for (BigInteger encoded = u; encoded.bitLength() <= 256; encoded = encoded.add(P)) {
                alphas.add(littleEndian(encoded));
            }
        }
        assertThat(alphas).hasSizeGreaterThanOrEqualTo(12);
        assertStatus(alphas, PeelStatus.BAD_GROUP_ELEMENT);
    }

    @Test
    void everyNonCanonicalEncodingIsRefusedAndTheLargestCanonicalOneIsNot() {
        final List<byte[]> refused = new ArrayList<>();
        for (int i = 0; i < 19; i++) {
            refused.add(littleEndian(P.add(BigInteger.valueOf(i))));
        }
        for (int i = 0; i < 20; i++) {
            refused.add(littleEndian(P.setBit(255).subtract(BigInteger.valueOf(i))));
            refused.add(littleEndian(BigInteger.valueOf(i).setBit(255)));
        }
        assertStatus(refused, PeelStatus.BAD_GROUP_ELEMENT);

        final List<byte[]> canonical = new ArrayList<>();
        for (int i = 2; i < 20; i++) {
            canonical.add(littleEndian(P.subtract(BigInteger.valueOf(i))));
        }
        canonical.add(littleEndian(P.subtract(BigInteger.TWO.pow(64))));
        canonical.add(littleEndian(P.subtract(BigInteger.TWO.pow(128))));
        canonical.add(littleEndian(P.subtract(BigInteger.TWO.pow(192))));
        assertStatus(canonical, PeelStatus.BAD_MAC);
    }

    /**
     * With alpha = 9 the shared secret is the relay's public key, so that anybody can make a packet with any encoding of
     * 9 and a good gamma. Only the canonical one passes.
     */
    @Test
    void aSecondEncodingOfAGenuineAlphaIsRefusedThoughGammaWouldVerify() {
        final byte[] publicKey = network.relays.getFirst().publicKeyBytes();
        final byte[] nine = PlainSphinx.basePoint();
        final byte[] nineAgain = littleEndian(P.add(BigInteger.valueOf(9)));
        final byte[] nineWithTopBit = nine.clone();
        nineWithTopBit[31] |= (byte) 0x80;

        assertThat(peelWithSecret(publicKey, nine)).isEqualTo(PeelStatus.OK);
        assertThat(peelWithSecret(publicKey, nineAgain)).isEqualTo(PeelStatus.BAD_GROUP_ELEMENT);
        assertThat(peelWithSecret(publicKey, nineWithTopBit)).isEqualTo(PeelStatus.BAD_GROUP_ELEMENT);
    }

    /** A point of low order makes the shared secret zero, so that anybody could compute gamma. */
    @Test
    void alphaOfLowOrderIsRefusedThoughGammaWouldVerify() {
        for (BigInteger u : lowOrder()) {
            assertThat(peelWithSecret(new byte[32], littleEndian(u))).isEqualTo(PeelStatus.BAD_GROUP_ELEMENT);
        }
    }

    /**
     * The point of 1/u is that of u plus the point of order two, which a clamped scalar removes: both have the same shared
     * secret. The derivation of the keys has alpha in it, so gamma does not verify.
     */
    @Test
    void theTwinOfAGenuineAlphaWithTheSameSharedSecretIsRefused() {
        network.wrap(network.path(2), new byte[7], 0);
        final byte[] genuine = network.packet(0);
        final byte[] alpha = Arrays.copyOf(genuine, 32);
        final byte[] twin = littleEndian(number(alpha).modInverse(P));
        final byte[] scalar = network.random.bytes(32);
        assertThat(PlainSphinx.x25519(scalar, twin)).isEqualTo(PlainSphinx.x25519(scalar, alpha));

        System.arraycopy(twin, 0, genuine, 0, 32);
        network.put(genuine, 0);

        assertThat(network.peel(0, 0)).isEqualTo(PeelStatus.BAD_MAC);
    }

    private int peelWithSecret(byte[] secret, byte[] alpha) {
        final PlainSphinx.Hop hop = new PlainSphinx.Hop(
                network.relays.getFirst().publicKeyBytes(), PlainSphinx.command(2, 0, 0, new byte[16]));
        network.put(network.plain.wrap(network.plain.header(secret, alpha, hop, new byte[944]), new byte[10]), 0);
        return network.peel(0, 0);
    }

    /** Puts each alpha into a separate packet, with genuine packets between them. */
    private void assertStatus(List<byte[]> alphas, int expected) {
        network.wrap(network.path(2), new byte[7], 0);
        final byte[] genuine = network.packet(0);
        for (byte[] alpha : alphas) {
            network.batch.clear();
            for (int slot = 0; slot < 3; slot++) {
                network.put(genuine, slot);
                network.batch.add(network.slot(slot));
            }
            MemorySegment.copy(MemorySegment.ofArray(alpha), 0, network.packets, network.slot(1), 32);

            network.peeler.authenticate(network.relays.getFirst(), network.batch);
            network.peeler.transform(network.batch);

            assertThat(network.batch.status(0)).isEqualTo(PeelStatus.OK);
            assertThat(network.batch.status(1))
                    .as(new BigInteger(1, alpha).toString(16))
                    .isEqualTo(expected);
            assertThat(network.batch.status(2)).isEqualTo(PeelStatus.OK);
            assertThat(network.packet(0)).isEqualTo(network.packet(2));
        }
    }

    private static BigInteger number(byte[] littleEndian) {
        BigInteger number = BigInteger.ZERO;
        for (int i = littleEndian.length - 1; i >= 0; i--) {
            number = number.shiftLeft(8).or(BigInteger.valueOf(littleEndian[i] & 0xFF));
        }
        return number;
    }

    private static byte[] littleEndian(BigInteger number) {
        final byte[] bytes = new byte[32];
        for (int i = 0; i < 32; i++) {
            bytes[i] = number.shiftRight(8 * i).byteValue();
        }
        return bytes;
    }
}
