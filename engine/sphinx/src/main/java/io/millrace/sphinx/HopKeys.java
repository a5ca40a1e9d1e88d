package io.millrace.sphinx;

import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.memory.AddressArray;
import java.lang.foreign.Arena;

/**
 * From a shared secret to everything one hop needs, over batches.
 *
 * <pre>
 *  offset  length  field            block
 *       0      32  MAC key              0   all that the first phase needs: three compressions
 *      32      16  replay tag           0
 *      48      16  mr1: delay tag       0
 *      64      32  header stream key    1
 *      96      32  mr1: blinding factor; mr2: last 32 bytes of the header stream    1
 *     128      32  LIONESS stream 1     2
 *     160      32  LIONESS stream 2     2
 *     192      32  LIONESS hash         3
 *     224      32  mr2: delay seed, whose first 16 bytes are the delay tag          3
 *     256          end
 * </pre>
 *
 * <p>The two tags are independent outputs. The replay tag goes into the replay set and its journal; the delay tag gives the
 * packet's delay and its place in a receipt, and is never stored. So a journal says nothing of delays and receipts.
 *
 * <p>Keeps no secret; the memory behind the addresses is the caller's to wipe.
 *
 * <p>Source: extract-then-expand as in RFC 5869, over keyed BLAKE2b (RFC 7693) because one keyed compression gives 64
 * bytes of output.
 */
final class HopKeys {
    static final int BLOCK_LENGTH = 64;
    static final int BLOCK_COUNT = 4;
    static final int LENGTH = BLOCK_COUNT * BLOCK_LENGTH;

    static final int MAC_KEY_OFFSET = 0;
    static final int REPLAY_TAG_OFFSET = 32;
    /** Delay tag of a profile that has it in block 0. */
    static final int FIRST_DELAY_TAG_OFFSET = 48;

    static final int HEADER_KEY_OFFSET = 64;
    static final int BLINDING_FACTOR_OFFSET = 96;
    static final int STREAM_TAIL_OFFSET = BLINDING_FACTOR_OFFSET;
    static final int LIONESS_OFFSET = 128;

    /** Delay seed; of a profile whose delay tag is in block 3. */
    static final int DELAY_SEED_OFFSET = 224;

    /** Length of a pseudo-random key in bytes. */
    static final int PRK_LENGTH = 64;

    /** Length of the public input of the extraction: alpha and the relay's public key. */
    static final int INPUT_LENGTH = 64;

    private static final int SECRET_LENGTH = 32;

    private final BatchCrypto crypto;
    private final Domains domains;

    HopKeys(Arena arena, BatchCrypto crypto, SphinxProfile profile) {
        this.crypto = crypto;
        this.domains = new Domains(arena, profile);
    }

    Domains domains() {
        return domains;
    }

    /** {@code prk = BLAKE2b-512(key = secret, input = alpha || relay public key)}. */
    void extract(int count, AddressArray prk, AddressArray input, AddressArray secret) {
        crypto.blake2b(
                count, prk, PRK_LENGTH, input, INPUT_LENGTH, secret, SECRET_LENGTH, domains.salt(0), domains.kdf);
    }

    /** Output block {@code block}, 64 bytes: {@code BLAKE2b-512(key = prk, salt = block, no input)}. */
    void expand(int count, AddressArray out, AddressArray prk, int block) {
        crypto.blake2b(count, out, BLOCK_LENGTH, prk, 0, prk, PRK_LENGTH, domains.salt(block), domains.expand);
    }

    /** {@code gamma = BLAKE2b-128(key, input = beta)}. */
    void mac(int count, AddressArray gamma, AddressArray beta, int betaLength, AddressArray key) {
        crypto.blake2b(
                count,
                gamma,
                SphinxGeometry.GAMMA_LENGTH,
                beta,
                betaLength,
                key,
                SECRET_LENGTH,
                domains.salt(0),
                domains.mac);
    }
}
