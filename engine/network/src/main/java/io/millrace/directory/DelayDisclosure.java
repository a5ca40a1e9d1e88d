package io.millrace.directory;

import io.millrace.cbor.CborReader;
import io.millrace.crypto.Ed25519KeyPair;
import io.millrace.relay.epoch.EpochSchedule;
import io.millrace.vrf.EcvrfSuite;
import io.millrace.vrf.EpochDelayProof;
import java.util.Arrays;
import java.util.Objects;

/**
 * Disclosure of the delays of one epoch that is over, signed by the relay's identity key: the VRF output, its proof, the law
 * and the span.
 *
 * <pre>
 *  key  field          value
 *    1  version        1
 *    2  identity id    byte string, 16
 *    3  epoch          number, 0 or more
 *    4  VRF output     byte string, 64
 *    5  proof          byte string, 80
 *    6  delay law      text, see {@link DelayLaw}
 *    7  not before     ms since 1970
 *    8  not after      ms since 1970: the instant at which the next epoch began to run
 * </pre>
 *
 * <p>{@link #decode} checks the form and the signature; {@link #verify} checks the proof and the law against a descriptor.
 * {@link DisclosureLog} checks that no epoch is missing. Immutable and thread safe.
 *
 * <p>Source: {@code src/docs/specs/directory.md}, section "Disclosure"; RFC 9381 section 5.3.
 */
public final class DelayDisclosure {
    /** Longest document in bytes. */
    public static final int MAX_LENGTH = SignedDocument.MAX_LENGTH;

    private static final String WHAT = "disclosure";
    private static final String LABEL = "millrace-disclosure/v1";
    private static final int FIELD_COUNT = 8;
    private static final int VERSION = 1;

    private final IdentityKey identity;
    private final EpochDelayProof proof;
    private final DelayLaw law;
    private final long notBeforeMs;
    private final long notAfterMs;
    private final byte[] encoded;

    private DelayDisclosure(
            IdentityKey identity,
            EpochDelayProof proof,
            DelayLaw law,
            long notBeforeMs,
            long notAfterMs,
            byte[] encoded) {
        this.identity = identity;
        this.proof = proof;
        this.law = law;
        this.notBeforeMs = notBeforeMs;
        this.notAfterMs = notAfterMs;
        this.encoded = encoded;
    }

    /**
     * Signs a disclosure.
     *
     * @param pair the relay's identity key; not kept.
     * @param proof of the epoch; its number is 0 or more as a signed number.
     * @param law of the delays in this epoch; its policy is {@code epoch-vrf}.
     * @param notBeforeMs instant at which the epoch began to run, in milliseconds since 1970.
     * @param notAfterMs instant at which the next epoch began to run; above {@code notBeforeMs}.
     */
    public static DelayDisclosure sign(
            Ed25519KeyPair pair, EpochDelayProof proof, DelayLaw law, long notBeforeMs, long notAfterMs) {
        requireFields(proof.epoch(), law, notBeforeMs, notAfterMs);
        final IdentityKey identity = IdentityKey.of(pair);
        final byte[] encoded = SignedDocument.sign(LABEL, pair, writer -> {
            writer.map(FIELD_COUNT);
            writer.unsigned(1).unsigned(VERSION);
            writer.unsigned(2).bytes(identity.id());
            writer.unsigned(3).unsigned(proof.epoch());
            writer.unsigned(4).bytes(proof.vrfOutput());
            writer.unsigned(5).bytes(proof.pi());
            writer.unsigned(6).text(law.toString());
            writer.unsigned(7).unsigned(notBeforeMs);
            writer.unsigned(8).unsigned(notAfterMs);
        });
        return new DelayDisclosure(identity, proof, law, notBeforeMs, notAfterMs, encoded);
    }

    /**
     * Reads a document and checks its signature, not yet its proof.
     *
     * @param document any bytes; not kept.
     * @param identity key that must have signed it, from a source that the caller trusts.
     * @throws DocumentException if it is not a disclosure of that identity; the message says why.
     */
    public static DelayDisclosure decode(byte[] document, IdentityKey identity) throws DocumentException {
        final BodyReader reader = new BodyReader(SignedDocument.open(WHAT, LABEL, document, identity), FIELD_COUNT);
        reader.version(VERSION);
        final byte[] id = reader.field(2).exactly(IdentityKey.ID_LENGTH);
        final long epoch = reader.field(3).unsigned(Long.MAX_VALUE);
        final byte[] output = reader.field(4).exactly(EcvrfSuite.OUTPUT_LENGTH);
        final byte[] pi = reader.field(5).exactly(EcvrfSuite.PI_LENGTH);
        final String lawText = reader.field(6).text(DelayLaw.MAX_LENGTH);
        final long notBeforeMs = reader.field(7).unsigned(EpochSchedule.MAX_TIME_MS);
        final CborReader last = reader.field(8);
        final long notAfterMs = last.unsigned(EpochSchedule.MAX_TIME_MS);
        if (!last.finish()) {
            throw new DocumentException(WHAT + ": the body is not the deterministic CBOR of version 1");
        }
        if (!Arrays.equals(id, identity.id())) {
            throw new DocumentException(WHAT + ": names another identity id than its signer's");
        }
        try {
            final DelayLaw law = DelayLaw.parse(lawText);
            requireFields(epoch, law, notBeforeMs, notAfterMs);
            return new DelayDisclosure(
                    identity, EpochDelayProof.of(epoch, output, pi), law, notBeforeMs, notAfterMs, document.clone());
        } catch (IllegalArgumentException e) {
            throw new DocumentException(WHAT + ": " + e.getMessage(), e);
        }
    }

    /**
     * Checks the law and the VRF proof against the descriptor of the relay.
     *
     * @param descriptor of the same identity.
     * @throws DocumentException if the identity or the law differs, or the proof does not prove the output.
     */
    public void verify(RelayDescriptor descriptor) throws DocumentException {
        if (!identity.equals(descriptor.identity())) {
            throw new DocumentException(what() + "belongs to another identity than the descriptor");
        }
        if (!law.equals(descriptor.law())) {
            throw new DocumentException(
                    what() + "law differs from the descriptor's: law=" + law + ", announced=" + descriptor.law());
        }
        if (!proof.verify(identity.id(), descriptor.vrfKey())) {
            throw new DocumentException(what() + "the VRF proof does not prove the output under the announced key");
        }
    }

    /** The document as it was signed; a copy. */
    public byte[] toByteArray() {
        return encoded.clone();
    }

    /** Identity of the relay. */
    public IdentityKey identity() {
        return identity;
    }

    /** Number of the epoch, 0 or more. */
    public long epoch() {
        return proof.epoch();
    }

    /** VRF output and proof. */
    public EpochDelayProof proof() {
        return proof;
    }

    /** The law of the delays. */
    public DelayLaw law() {
        return law;
    }

    /** Instant at which the epoch began to run, in milliseconds since 1970. */
    public long notBeforeMs() {
        return notBeforeMs;
    }

    /** Instant at which the next epoch began to run, in milliseconds since 1970. */
    public long notAfterMs() {
        return notAfterMs;
    }

    /**
     * Delay of a packet of this epoch in nanoseconds; means something after {@link #verify} only.
     *
     * @param tagLow first 8 bytes of the delay tag, little endian.
     * @param tagHigh last 8 bytes of the delay tag, little endian.
     */
    public long delayNs(long tagLow, long tagHigh) {
        return proof.delayOf(law.distribution(), tagLow, tagHigh);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DelayDisclosure that && Arrays.equals(encoded, that.encoded);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(encoded);
    }

    @Override
    public String toString() {
        return "DelayDisclosure[identity=" + identity.idHex() + ", epoch=" + epoch() + "]";
    }

    String what() {
        return WHAT + " of epoch " + epoch() + " of " + identity.idHex() + ": ";
    }

    private static void requireFields(long epoch, DelayLaw law, long notBeforeMs, long notAfterMs) {
        Objects.requireNonNull(law, "law");
        if (epoch < 0) {
            throw new IllegalArgumentException("an epoch number must be 0 or more: epoch=" + epoch);
        }
        if (!law.isDisclosed()) {
            throw new IllegalArgumentException("only epoch-vrf has disclosures: law=" + law);
        }
        EpochSpan.require(notBeforeMs, notAfterMs);
    }
}
