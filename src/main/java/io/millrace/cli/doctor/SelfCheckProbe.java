package io.millrace.cli.doctor;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.crypto.SodiumUnavailableException;
import io.millrace.crypto.X25519Keys;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HexFormat;

/**
 * One known answer through the whole chain, from Java to the machine code of the library.
 *
 * <p>Source: RFC 7748 section 6.1.
 */
final class SelfCheckProbe implements Probe {
    private static final String NAME = "self-check";
    private static final String ALICE_PRIVATE = "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a";
    private static final String BOB_PUBLIC = "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f";
    private static final String SHARED = "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742";

    @Override
    public Finding look() {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment shared = arena.allocate(X25519Keys.LENGTH);
            final boolean accepted =
                    X25519Keys.sharedSecret(shared, bytes(arena, ALICE_PRIVATE), bytes(arena, BOB_PUBLIC));
            return accepted && shared.mismatch(bytes(arena, SHARED)) == -1
                    ? Finding.ok(NAME, "X25519 of RFC 7748 section 6.1 comes out right")
                    : Finding.missing(NAME, "X25519 comes out wrong", "use another libsodium with --sodium PATH");
        } catch (SodiumUnavailableException e) {
            return Finding.missing(NAME, "not run: there is no libsodium", "see libsodium");
        }
    }

    private static MemorySegment bytes(Arena arena, String hex) {
        return arena.allocateFrom(JAVA_BYTE, HexFormat.of().parseHex(hex));
    }
}
