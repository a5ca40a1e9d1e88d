package io.millrace.vrf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The vector files next to the project, if present. */
class EcvrfSharedVectorsTest {
    private static final HexFormat HEX = HexFormat.of();

    @BeforeEach
    void vectorsAreThere() {
        assumeTrue(vectors() != null, "no ../shared/vectors/ecvrf beside the project");
    }

    @Test
    void provesAndVerifiesEveryPositiveVector() throws IOException {
        int count = 0;
        for (EcvrfSuite suite : EcvrfSuite.values()) {
            for (JsonNode vector : read("rfc9381_edwards25519.json").path(suite.label())) {
                try (Arena arena = Arena.ofConfined();
                        EcvrfSecretKey key = EcvrfSecretKey.fromSeed(bytes(arena, vector, "sk"));
                        EcvrfProver prover = new EcvrfProver(suite, key);
                        EcvrfVerifier verifier = new EcvrfVerifier(suite)) {
                    final MemorySegment pi = arena.allocate(EcvrfSuite.PI_LENGTH);
                    final MemorySegment vrfOutput = arena.allocate(EcvrfSuite.OUTPUT_LENGTH);
                    prover.prove(pi, bytes(arena, vector, "alpha"));
                    assertThat(hex(pi)).isEqualTo(vector.path("pi").asText());
                    assertThat(verifier.verify(
                                    vrfOutput, bytes(arena, vector, "pk"), bytes(arena, vector, "alpha"), pi))
                            .isTrue();
                    assertThat(hex(vrfOutput)).isEqualTo(vector.path("beta").asText());
                    count++;
                }
            }
        }
        assertThat(count).isGreaterThanOrEqualTo(6);
    }

    @Test
    void refusesEveryNegativeVector() throws IOException {
        int count = 0;
        for (JsonNode vector : read("negative_edwards25519.json").path("negative")) {
            assertThat(vector.path("expected").asText()).isEqualTo("INVALID");
            try (Arena arena = Arena.ofConfined();
                    EcvrfVerifier verifier = new EcvrfVerifier(
                            EcvrfSuite.byLabel(vector.path("suite").asText()))) {
                assertThat(verifier.verify(
                                arena.allocate(EcvrfSuite.OUTPUT_LENGTH),
                                bytes(arena, vector, "pk"),
                                bytes(arena, vector, "alpha"),
                                bytes(arena, vector, "pi")))
                        .as(vector.path("why").asText())
                        .isFalse();
                count++;
            }
        }
        assertThat(count).isGreaterThanOrEqualTo(10);
    }

    private static JsonNode read(String file) throws IOException {
        return new JsonMapper().readTree(vectors().resolve(file).toFile());
    }

    /** Looked for from the project's root and from the module, as Maven and editors differ in where tests run. */
    private static Path vectors() {
        for (String root : new String[] {".", "..", "../.."}) {
            final Path folder = Path.of(root, "..", "shared", "vectors", "ecvrf");
            if (Files.isDirectory(folder)) {
                return folder;
            }
        }
        return null;
    }

    private static MemorySegment bytes(Arena arena, JsonNode vector, String name) {
        return arena.allocateFrom(
                ValueLayout.JAVA_BYTE, HEX.parseHex(vector.path(name).asText()));
    }

    private static String hex(MemorySegment segment) {
        return HEX.formatHex(segment.toArray(ValueLayout.JAVA_BYTE));
    }
}
