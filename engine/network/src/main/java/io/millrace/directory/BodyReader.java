package io.millrace.directory;

import io.millrace.cbor.CborReader;
import java.lang.foreign.MemorySegment;

/** Reads a map whose keys are 1 to its length, in that order. Not thread safe. */
final class BodyReader {
    private final CborReader reader;

    BodyReader(byte[] body, int fieldCount) {
        this.reader = new CborReader().wrap(MemorySegment.ofArray(body));
        if (reader.map(fieldCount) != fieldCount) {
            reader.fail();
        }
    }

    /** Reads field 1, which must have that value. */
    void version(int version) {
        if (field(1).unsigned(version) != version) {
            reader.fail();
        }
    }

    /** Passes over the key of a field and gives the reader of its value; it has failed if another key comes next. */
    CborReader field(int key) {
        if (reader.unsigned(key) != key) {
            reader.fail();
        }
        return reader;
    }
}
