package io.millrace.directory;

import io.millrace.cbor.CborReader;
import io.millrace.cbor.CborWriter;
import io.millrace.relay.epoch.EpochSchedule;
import io.millrace.sphinx.RelayPublicKey;
import io.millrace.sphinx.SphinxProfile;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The body of a {@link RelayDescriptor}: its one encoding, and the strict reader. */
final class DescriptorBody {
    private static final int FIELD_COUNT = 8;
    private static final int VERSION = 1;
    private static final int KEY_FIELDS = 4;
    private static final int MAX_PROFILE_LENGTH = 16;

    private DescriptorBody() {}

    static void write(CborWriter writer, RelayDescriptorBuilder fields, IdentityKey identity) {
        writer.map(FIELD_COUNT);
        writer.unsigned(1).unsigned(VERSION);
        writer.unsigned(2).unsigned(fields.sequence);
        writer.unsigned(3).bytes(identity.bytes());
        writer.unsigned(4).bytes(fields.linkKey);
        writer.unsigned(5).bytes(fields.vrfKey);
        writer.unsigned(6).text(fields.law.toString());
        writer.unsigned(7)
                .array(3)
                .unsigned(fields.schedule.anchorMs())
                .unsigned(fields.schedule.lengthMs())
                .unsigned(fields.schedule.overlapMs());
        writer.unsigned(8).array(fields.keys.size());
        for (EpochPublicKey key : fields.keys) {
            final SphinxProfile profile = key.key().profile();
            writer.array(profile == SphinxProfile.MR1 ? KEY_FIELDS : KEY_FIELDS + 1)
                    .unsigned(key.number())
                    .bytes(key.key().toByteArray())
                    .unsigned(key.notBeforeMs())
                    .unsigned(key.notAfterMs());
            if (profile != SphinxProfile.MR1) {
                writer.text(profile.label());
            }
        }
    }

    /** Reads a body whose signature holds. */
    static RelayDescriptorBuilder read(byte[] body, IdentityKey identity) throws DocumentException {
        final BodyReader reader = new BodyReader(body, FIELD_COUNT);
        reader.version(VERSION);
        final long sequence = reader.field(2).unsigned(Long.MAX_VALUE);
        final byte[] identityKey = reader.field(3).exactly(IdentityKey.LENGTH);
        final byte[] linkKey = reader.field(4).exactly(RelayDescriptor.KEY_LENGTH);
        final byte[] vrfKey = reader.field(5).exactly(RelayDescriptor.KEY_LENGTH);
        final String law = reader.field(6).text(DelayLaw.MAX_LENGTH);
        final CborReader items = reader.field(7);
        items.arrayOf(3);
        final long[] schedule = new long[3];
        for (int i = 0; i < schedule.length; i++) {
            schedule[i] = items.unsigned(EpochSchedule.MAX_TIME_MS);
        }
        final List<RawKey> rawKeys = readKeys(reader.field(8));
        if (!items.finish()) {
            throw new DocumentException(RelayDescriptor.WHAT + ": the body is not the deterministic CBOR of version 1");
        }
        if (!Arrays.equals(identityKey, identity.bytes())) {
            throw new DocumentException(RelayDescriptor.WHAT + ": names another identity key than its signer's");
        }
        try {
            return RelayDescriptor.builder()
                    .sequence(sequence)
                    .linkKey(linkKey)
                    .vrfKey(vrfKey)
                    .law(DelayLaw.parse(law))
                    .schedule(new EpochSchedule(schedule[0], schedule[1], schedule[2]))
                    .keys(rawKeys.stream().map(RawKey::key).toList())
                    .checked();
        } catch (IllegalArgumentException e) {
            throw new DocumentException(RelayDescriptor.WHAT + ": " + e.getMessage(), e);
        }
    }

    private static List<RawKey> readKeys(CborReader items) {
        final int count = items.array(RelayDescriptor.MAX_KEYS);
        final List<RawKey> keys = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            final int fields = items.array(KEY_FIELDS + 1);
            keys.add(new RawKey(
                    fields,
                    items.unsigned(Long.MAX_VALUE),
                    items.exactly(RelayPublicKey.LENGTH),
                    items.unsigned(EpochSchedule.MAX_TIME_MS),
                    items.unsigned(EpochSchedule.MAX_TIME_MS),
                    fields > KEY_FIELDS ? items.text(MAX_PROFILE_LENGTH) : SphinxProfile.MR1.label()));
        }
        return keys;
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record RawKey(
            int fields, long number, byte[] bytes, long notBeforeMs, long notAfterMs, String profileLabel) {
        EpochPublicKey key() {
            final SphinxProfile profile = SphinxProfile.byLabel(profileLabel);
            if (fields != (profile == SphinxProfile.MR1 ? KEY_FIELDS : KEY_FIELDS + 1)) {
                throw new IllegalArgumentException("a Sphinx key has " + KEY_FIELDS
                        + " fields, and its profile as a fifth unless that is mr1: number=" + number + ", fields="
                        + fields + ", profile=" + profile);
            }
            return new EpochPublicKey(
                    number, RelayPublicKey.copyOf(MemorySegment.ofArray(bytes), profile), notBeforeMs, notAfterMs);
        }
    }
}
