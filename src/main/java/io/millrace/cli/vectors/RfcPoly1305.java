package io.millrace.cli.vectors;

import io.millrace.crypto.Poly1305;
import java.lang.foreign.MemorySegment;
import java.util.Set;

/**
 * Poly1305.
 *
 * <p>Source: RFC 8439 appendix A.3.
 */
final class RfcPoly1305 extends ListShape {
    RfcPoly1305() {
        super("rfc 8439 poly1305", "COUNT", Set.of("KEY", "MSG", "TAG"), Set.of("COUNT"));
    }

    @Override
    void check(CaseFields fields) {
        final MemorySegment message = fields.bytes("MSG");
        final MemorySegment key = fields.bytes("KEY");
        final MemorySegment tag = fields.blank(Poly1305.TAG_LENGTH);
        Poly1305.tag(tag, message, key);
        Expectation.equal("tag", fields.bytes("TAG"), tag);
        Expectation.verdict("verification", true, Poly1305.verify(fields.bytes("TAG"), message, key));
    }
}
