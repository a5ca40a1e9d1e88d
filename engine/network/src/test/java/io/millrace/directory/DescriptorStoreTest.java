package io.millrace.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.millrace.relay.epoch.EpochSchedule;
import io.millrace.sphinx.RelayPublicKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DescriptorStoreTest {
    @TempDir
    private Path folder;

    private final PaperRelay relay = new PaperRelay(1);
    private final PaperRelay other = new PaperRelay(2);

    @AfterEach
    void close() {
        relay.close();
        other.close();
    }

    @Test
    void keepsTheNewest() throws Exception {
        final DescriptorStore store = DescriptorStore.inMemory(relay.identity);
        assertThat(store.newest()).isEmpty();
        for (long sequence = 5; sequence < 40; sequence++) {
            final RelayDescriptor next = relay.descriptor(sequence, 100 + sequence, 4);
            assertThat(store.offer(next.toByteArray())).isEqualTo(next);
            assertThat(store.offer(next.toByteArray())).isEqualTo(next);
            assertThat(store.newest()).contains(next);
        }
        assertRefused(store, relay.descriptor(20, 120, 4), "older than a known one: sequence=20, known=39");
        assertThat(store.evidence()).isEmpty();
    }

    @Test
    void refusesAnOlderOneAfterARestart() throws Exception {
        DescriptorStore.open(folder, relay.identity)
                .offer(relay.descriptor(9, 101, 4).toByteArray());

        final DescriptorStore again = DescriptorStore.open(folder, relay.identity);

        assertThat(again.newest()).contains(relay.descriptor(9, 101, 4));
        assertRefused(again, relay.descriptor(8, 100, 4), "older");
        again.offer(relay.descriptor(10, 101, 4).toByteArray());
        assertThat(DescriptorStore.open(folder, other.identity).newest()).isEmpty();
    }

    @Test
    void twoBodiesUnderOneSequenceAreKeptAsEvidence() throws Exception {
        assertContradiction(relay.descriptor(3, 100, 4), relay.descriptor(3, 100, 5), "sequence 3");
    }

    @Test
    void twoKeysForOneEpochAreKeptAsEvidence() throws Exception {
        assertContradiction(
                relay.descriptor(3, 100, 4), withKeyOfEpoch(4, 102, relay.sphinxKey(999)), "Sphinx keys for epoch 102");
    }

    @Test
    void anOlderSequenceThatContradictsIsEvidenceToo() throws Exception {
        assertContradiction(
                relay.descriptor(3, 100, 4), withKeyOfEpoch(2, 103, relay.sphinxKey(999)), "Sphinx keys for epoch 103");
    }

    @Test
    void aSecondVrfKeyOrScheduleIsEvidence() throws Exception {
        final RelayDescriptor vrf = relay.fields(4, 100, 4)
                .vrfKey(other.descriptor(1, 1, 1).vrfKey())
                .sign(relay.pair);
        assertContradiction(relay.descriptor(3, 100, 4), vrf, "VRF keys");
    }

    @Test
    void aSecondScheduleIsEvidence() throws Exception {
        final RelayDescriptor schedule = relay.fields(4, 100, 4)
                .schedule(new EpochSchedule(0, 60_000, 6_000))
                .sign(relay.pair);
        assertContradiction(relay.descriptor(3, 100, 4), schedule, "schedules");
    }

    @Test
    void aForeignOrDamagedDocumentIsNoEvidence() throws Exception {
        final DescriptorStore store = DescriptorStore.inMemory(relay.identity);
        assertRefused(store, other.descriptor(1, 100, 4), "not signed");
        assertThat(store.evidence()).isEmpty();
        assertThat(store.offer(relay.descriptor(1, 100, 4).toByteArray())).isNotNull();
    }

    @Test
    void filesCanBeReadByEveryone() throws Exception {
        final Path made = folder.resolve("made");
        DescriptorStore.open(made, relay.identity)
                .offer(relay.descriptor(9, 101, 4).toByteArray());

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
                .isEqualTo("rwxr-xr-x");
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(made.resolve(relay.identity.idHex() + ".descriptor.cbor"))))
                .isEqualTo("rw-r--r--");
    }

    private void assertContradiction(RelayDescriptor first, RelayDescriptor second, String why)
            throws IOException, DocumentException {
        final DescriptorStore store = DescriptorStore.open(folder, relay.identity);
        store.offer(first.toByteArray());
        assertRefused(store, second, why);

        for (DescriptorStore each : List.of(store, DescriptorStore.open(folder, relay.identity))) {
            assertThat(each.evidence()).containsExactly(first, second);
            assertThat(each.newest()).contains(first);
            assertRefused(each, relay.descriptor(99, 100, 4), "contradicted itself");
        }
    }

    private RelayDescriptor withKeyOfEpoch(long sequence, long number, RelayPublicKey key) {
        final RelayDescriptorBuilder fields = relay.fields(sequence, 100, 4);
        final List<EpochPublicKey> keys = new ArrayList<>(fields.keys);
        keys.replaceAll(each -> each.number() == number
                ? new EpochPublicKey(number, key, each.notBeforeMs(), each.notAfterMs())
                : each);
        return fields.keys(keys).sign(relay.pair);
    }

    private static void assertRefused(DescriptorStore store, RelayDescriptor descriptor, String why) {
        assertThatExceptionOfType(DocumentException.class)
                .isThrownBy(() -> store.offer(descriptor.toByteArray()))
                .withMessageContaining(why);
    }
}
