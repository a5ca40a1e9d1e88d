package io.millrace.cli.vectors;

import io.millrace.crypto.ChaCha20;
import java.lang.foreign.MemorySegment;
import java.util.Set;

/**
 * ChaCha20 with a block counter.
 *
 * <p>Source: RFC 8439 appendix A.2.
 */
final class RfcChaCha20 extends ListShape {
    RfcChaCha20() {
        super(
                "rfc 8439 chacha20",
                "COUNT",
                Set.of("KEY", "NONCE", "INITIAL_BLOCK_COUNTER", "PLAINTEXT", "CIPHERTEXT"),
                Set.of("COUNT"));
    }

    @Override
    void check(CaseFields fields) {
        final int counter = fields.number("INITIAL_BLOCK_COUNTER");
        final MemorySegment text = fields.bytes("PLAINTEXT");
        ChaCha20.xor(text, counter, fields.bytes("NONCE"), fields.bytes("KEY"));
        Expectation.equal("ciphertext", fields.bytes("CIPHERTEXT"), text);
        ChaCha20.xor(text, counter, fields.bytes("NONCE"), fields.bytes("KEY"));
        Expectation.equal("plaintext", fields.bytes("PLAINTEXT"), text);
    }
}
