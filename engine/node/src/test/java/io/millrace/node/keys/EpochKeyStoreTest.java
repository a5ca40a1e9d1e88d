package io.millrace.node.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.crypto.SecretKey;
import io.millrace.crypto.SecureRandomness;
import io.millrace.sphinx.SphinxProfile;
import io.millrace.text.ConfigException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EpochKeyStoreTest {
    private static final SecureRandomness RANDOMNESS = new SecureRandomness();

    @TempDir
    private Path parent;

    private Path folder;

    @BeforeEach
    void nameTheFolder() {
        folder = parent.resolve("r1.epochs");
    }

    @Test
    void keepsSecretsOverARestartUntilTheyAreWiped() throws IOException {
        final byte[] first;
        try (EpochKeyStore store = EpochKeyStore.open(folder)) {
            store.draw(span(7), RANDOMNESS);
            store.draw(span(8), RANDOMNESS);
            first = secret(store, 7);
            assertThat(secret(store, 8)).isNotEqualTo(first);
        }
        try (EpochKeyStore store = EpochKeyStore.open(folder)) {
            assertThat(store.live()).containsOnly(Map.entry(7L, span(7)), Map.entry(8L, span(8)));
            assertThat(secret(store, 7)).isEqualTo(first);

            store.wipe(7);

            assertThat(store.live()).containsOnlyKeys(8L);
            assertThat(store.ended()).containsOnly(Map.entry(7L, span(7)));
            assertThatThrownBy(() -> store.read(7)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(everyByteBelow(folder)).doesNotContain(HexFormat.of().formatHex(first));
        try (EpochKeyStore store = EpochKeyStore.open(folder)) {
            assertThat(store.ended()).containsOnlyKeys(7L);
            store.forget(7);
            assertThat(store.ended()).isEmpty();
        }
        assertThat(folder.resolve("7.span")).doesNotExist();
    }

    @Test
    void filesAreForTheirOwnerAlone() throws IOException {
        try (EpochKeyStore store = EpochKeyStore.open(folder)) {
            store.draw(span(1), RANDOMNESS);
            store.nextSequence(5);
        }

        assertThat(modes(folder)).isEqualTo("rwx------");
        for (String name : List.of("1.key", "1.span", "sequence", "lock")) {
            assertThat(modes(folder.resolve(name))).as(name).isEqualTo("rw-------");
        }
    }

    @Test
    void refusesWhatOthersCanRead() throws IOException {
        try (EpochKeyStore store = EpochKeyStore.open(folder)) {
            store.draw(span(1), RANDOMNESS);
        }
        Files.setPosixFilePermissions(folder.resolve("1.key"), PosixFilePermissions.fromString("rw-r-----"));
        assertRefused("others can read this secret file, mend it with chmod 600: " + folder.resolve("1.key"));

        Files.setPosixFilePermissions(folder.resolve("1.key"), PosixFilePermissions.fromString("rw-------"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-x---"));
        assertRefused("others can use this folder of secrets, mend it with chmod 700: " + folder);
    }

    @Test
    void oneProcessAtATime() throws IOException {
        try (EpochKeyStore store = EpochKeyStore.open(folder)) {
            assertRefused("another relay of this process uses the folder");
            assertThat(store.live()).isEmpty();
        }
        EpochKeyStore.open(folder).close();
    }

    /** Every state that a crash can leave, made by putting back or taking away files of the steps. */
    @Test
    void aCrashAtAnyStepLeavesAStateToGoOnFrom() throws IOException {
        final Map<String, byte[]> drawn = new HashMap<>();
        try (EpochKeyStore store = EpochKeyStore.open(folder)) {
            store.draw(span(3), RANDOMNESS);
            for (String name : List.of("3.key", "3.span")) {
                drawn.put(name, Files.readAllBytes(folder.resolve(name)));
            }
        }

        // Drawing: the secret is cut short, or whole, but was never announced.
        for (int length : new int[] {0, 1, 51, 52}) {
            lay(Map.of("3.key", Arrays.copyOf(drawn.get("3.key"), length)));
            assertState(List.of(), List.of());
            assertThat(folder.resolve("3.key")).doesNotExist();
            redrawAndForget();
        }
        // Drawing: the span is not in its place yet.
        lay(Map.of("3.key", drawn.get("3.key"), "3.span.new", new byte[] {'1'}));
        assertState(List.of(), List.of());
        redrawAndForget();
        // Drawn; moved, but the new span is not in its place.
        lay(drawn);
        Files.write(folder.resolve("3.span.new"), new byte[] {'1'});
        assertState(List.of(3L), List.of());
        // Wiping: overwritten and not deleted; deleted.
        lay(Map.of("3.key", new byte[52], "3.span", drawn.get("3.span")));
        assertState(List.of(), List.of(3L));
        assertThat(folder.resolve("3.key")).doesNotExist();
        lay(Map.of("3.span", drawn.get("3.span")));
        assertState(List.of(), List.of(3L));
        // The sequence is not in its place.
        lay(Map.of("sequence.new", new byte[0]));
        assertState(List.of(), List.of());
    }

    /** On a full disk the secret has room and its span has not. */
    @Test
    void aStepThatFailedCanBeTriedAgain() throws IOException {
        try (EpochKeyStore store = EpochKeyStore.open(folder)) {
            final Path obstacle = Files.createDirectories(folder.resolve("3.span.new/full"));
            assertThatThrownBy(() -> store.draw(span(3), RANDOMNESS)).isInstanceOf(IOException.class);
            assertThat(store.live()).isEmpty();
            Files.delete(obstacle);
            Files.delete(obstacle.getParent());
            store.draw(span(3), RANDOMNESS);
            assertThat(secret(store, 3)).hasSize(SecretKey.LENGTH);

            Files.delete(folder.resolve("3.key")); // wiped, and the deletion was not brought to the disk
            store.wipe(3);
            assertThat(store.ended()).containsOnlyKeys(3L);
        }
    }

    @Test
    void refusesDamage() throws IOException {
        try (EpochKeyStore store = EpochKeyStore.open(folder)) {
            store.draw(span(3), RANDOMNESS);
        }
        final byte[] good = Files.readAllBytes(folder.resolve("3.key"));
        for (int i = 0; i < good.length; i++) {
            final byte[] damaged = good.clone();
            damaged[i] ^= 1;
            Files.write(folder.resolve("3.key"), damaged);
            assertRefused("the secret of key epoch 3 is damaged: ");
        }
        Files.write(folder.resolve("3.key"), good);
        for (String span : List.of("", "1\n2\n", "1\n2\nlaw", "x\n2\nlaw\n", "2\n1\nlaw\n", "1\n2\n\n")) {
            Files.writeString(folder.resolve("3.span"), span);
            assertRefused("3.span: damaged: ");
        }
    }

    @Test
    void sequencesRiseAlsoWhereTheClockGoesBack() throws IOException {
        try (EpochKeyStore store = EpochKeyStore.open(folder)) {
            assertThat(store.nextSequence(1000)).isEqualTo(1000);
            assertThat(store.nextSequence(900)).isEqualTo(1001);
        }
        try (EpochKeyStore store = EpochKeyStore.open(folder)) {
            assertThat(store.nextSequence(1)).isEqualTo(1002);
        }
    }

    @Test
    void anEpochIsDrawnOnceAndKeepsItsLaw() throws IOException {
        try (EpochKeyStore store = EpochKeyStore.open(folder)) {
            store.draw(span(3), RANDOMNESS);
            final byte[] secret = secret(store, 3);

            assertThatThrownBy(() -> store.draw(span(3), RANDOMNESS)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> store.move(new EpochSpan(3, 1, 2, "another", SphinxProfile.MR1)))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> store.move(new EpochSpan(3, 1, 2, span(3).law(), SphinxProfile.MR2)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("keeps its profile");
            store.move(span(3).from(3_000, 3_500));

            assertThat(secret(store, 3)).isEqualTo(secret);
        }
        try (EpochKeyStore store = EpochKeyStore.open(folder)) {
            assertThat(store.live().get(3L).notAfterMs()).isEqualTo(3_500);
            store.wipe(3);
            assertThatThrownBy(() -> store.draw(span(3), RANDOMNESS))
                    .as("over")
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    private void redrawAndForget() throws IOException {
        try (EpochKeyStore store = EpochKeyStore.open(folder)) {
            store.draw(span(3), RANDOMNESS);
            store.wipe(3);
            store.forget(3);
        }
    }

    private void assertState(List<Long> live, List<Long> ended) throws IOException {
        try (EpochKeyStore store = EpochKeyStore.open(folder)) {
            assertThat(store.live().keySet()).containsExactlyElementsOf(live);
            assertThat(store.ended().keySet()).containsExactlyElementsOf(ended);
            for (long number : live) {
                assertThat(secret(store, number)).hasSize(SecretKey.LENGTH);
            }
        }
    }

    /** The folder with these files and no others. */
    private void lay(Map<String, byte[]> files) throws IOException {
        try (Stream<Path> old = Files.list(folder)) {
            for (Path each : old.toList()) {
                Files.delete(each);
            }
        }
        for (Map.Entry<String, byte[]> each : files.entrySet()) {
            final Path file = folder.resolve(each.getKey());
            Files.write(file, each.getValue());
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        }
    }

    private void assertRefused(String message) {
        assertThatThrownBy(() -> EpochKeyStore.open(folder).close())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(message);
    }

    private static EpochSpan span(long number) {
        return new EpochSpan(number, number * 1000, (number + 1) * 1000, "exponential(1ms,10ms)", SphinxProfile.MR1);
    }

    private static byte[] secret(EpochKeyStore store, long number) throws IOException {
        try (SecretKey secret = store.read(number)) {
            return secret.segment().toArray(ValueLayout.JAVA_BYTE);
        }
    }

    private static String everyByteBelow(Path folder) throws IOException {
        final var bytes = new ByteArrayOutputStream();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path each : files.toList()) {
                bytes.write(Files.readAllBytes(each));
            }
        }
        return HexFormat.of().formatHex(bytes.toByteArray());
    }

    private static String modes(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }
}
