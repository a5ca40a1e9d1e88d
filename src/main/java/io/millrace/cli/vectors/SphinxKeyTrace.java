package io.millrace.cli.vectors;

import static io.millrace.memory.Layouts.LE_LONG;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.crypto.Blake2b;
import io.millrace.crypto.X25519Keys;
import io.millrace.sphinx.PeelBatch;
import io.millrace.sphinx.SphinxProfile;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/** The keys of one hop, derived step by step from its private key and alpha, against the fields of a case that has them. */
final class SphinxKeyTrace {
    private static final int BLOCK_LENGTH = 64;

    private final SphinxProfile profile;

    SphinxKeyTrace(SphinxProfile profile) {
        this.profile = profile;
    }

    /** Compares every field that the case has, and the tags of the batch. */
    void check(String hop, CaseFields fields, PeelBatch batch, int index) {
        final MemorySegment secret = fields.blank(X25519Keys.LENGTH);
        final MemorySegment alpha = fields.bytes("alpha");
        Expectation.verdict(hop + ": facade", true, X25519Keys.sharedSecret(secret, fields.bytes("privateKey"), alpha));
        final MemorySegment input = fields.blank(2 * X25519Keys.LENGTH);
        input.copyFrom(alpha);
        input.asSlice(X25519Keys.LENGTH).copyFrom(fields.bytes("publicKey"));
        final MemorySegment prk = fields.blank(BLOCK_LENGTH);
        Blake2b.hash(prk, input, secret, MemorySegment.NULL, personal(fields, "kdf"));
        final MemorySegment[] okm = new MemorySegment[4];
        for (int i = 0; i < okm.length; i++) {
            okm[i] = fields.blank(BLOCK_LENGTH);
            final MemorySegment salt = fields.blank(Blake2b.SALT_LENGTH);
            salt.set(JAVA_BYTE, 0, (byte) i);
            Blake2b.hash(okm[i], MemorySegment.NULL, prk, salt, personal(fields, "exp"));
        }
        equal(hop, "sharedSecret", fields, secret);
        equal(hop, "prk", fields, prk);
        equal(hop, "macKey", fields, okm[0].asSlice(0, 32));
        equal(hop, "replayTag", fields, okm[0].asSlice(32, 16));
        equal(hop, "headerStreamKey", fields, okm[1].asSlice(0, 32));
        equal(
                hop,
                profile == SphinxProfile.MR1 ? "blindingFactor" : "headerStreamTail",
                fields,
                okm[1].asSlice(32, 32));
        equal(hop, "lionessK1", fields, okm[2].asSlice(0, 32));
        equal(hop, "lionessK2", fields, okm[2].asSlice(32, 32));
        equal(hop, "lionessHashKey", fields, okm[3].asSlice(0, 32));
        final MemorySegment delayTag;
        if (profile == SphinxProfile.MR1) {
            delayTag = okm[0].asSlice(48, 16);
            equal(hop, "delayTag", fields, delayTag);
        } else {
            delayTag = okm[3].asSlice(32, 16);
            equal(hop, "delaySeed", fields, okm[3].asSlice(32, 32));
        }
        tag(
                hop + ": replay tag of the relay",
                fields,
                okm[0].asSlice(32, 16),
                batch.tagLow(index),
                batch.tagHigh(index));
        tag(hop + ": delay tag of the relay", fields, delayTag, batch.delayTagLow(index), batch.delayTagHigh(index));
    }

    private static void equal(String hop, String field, CaseFields fields, MemorySegment actual) {
        if (fields.has(field)) {
            Expectation.equal(hop + ": " + field, fields.bytes(field), actual);
        }
    }

    private static void tag(String what, CaseFields fields, MemorySegment expected, long low, long high) {
        final MemorySegment actual = fields.blank(expected.byteSize());
        actual.set(LE_LONG, 0, low);
        actual.set(LE_LONG, Long.BYTES, high);
        Expectation.equal(what, expected, actual);
    }

    private MemorySegment personal(CaseFields fields, String use) {
        final String label = "millrace-" + profile.label() + "-" + use;
        return fields.arena().allocateFrom(JAVA_BYTE, label.getBytes(StandardCharsets.US_ASCII));
    }
}
