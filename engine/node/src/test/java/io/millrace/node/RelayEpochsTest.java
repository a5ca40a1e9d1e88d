package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.crypto.SecretKey;
import io.millrace.crypto.SecureRandomness;
import io.millrace.directory.DelayLaw;
import io.millrace.directory.EpochPublicKey;
import io.millrace.node.EpochsUnderTest.Clocks;
import io.millrace.relay.epoch.EpochSchedule;
import io.millrace.relay.epoch.EpochStatus;
import io.millrace.relay.packet.Verdict;
import io.millrace.text.ConfigException;
import io.millrace.vrf.DelayDistribution;
import io.millrace.vrf.DelayPolicy;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RelayEpochsTest {
    private static final long FIRST = 1_000;
    private static final long LENGTH = EpochsUnderTest.SCHEDULE.lengthMs();
    private static final long OVERLAP = EpochsUnderTest.SCHEDULE.overlapMs();
    private static final long EARLY = LENGTH / 4;

    @TempDir
    private Path folder;

    private final SecretKey root = SecretKey.generate(new SecureRandomness());
    private final Clocks clocks = new Clocks(FIRST * LENGTH + 10_000);

    @AfterEach
    void wipe() {
        root.close();
    }

    @Test
    void announcesTheKeysOfThreeEpochsAhead() throws Exception {
        try (EpochsUnderTest relay = open()) {
            assertThat(relay.running()).isEqualTo(FIRST);
            assertThat(relay.descriptor().keys())
                    .extracting(EpochPublicKey::number)
                    .containsExactly(FIRST, FIRST + 1, FIRST + 2, FIRST + 3);
            assertThat(relay.descriptor().keyAt(clocks.wallMs()).orElseThrow().number())
                    .isEqualTo(FIRST);
        }
    }

    /** The first relay of a folder and one that comes back to it. */
    @Test
    void startsThoughAnEpochBeginsMeanwhile() throws Exception {
        for (int reads = 2; reads < 20; reads++) { // the first one ties the clock to the wall
            final Path own = Files.createDirectory(folder.resolve("reads" + reads));
            final Clocks clock = new Clocks(FIRST * LENGTH);
            for (int start = 0; start < 2; start++) {
                clock.passAtRead(reads, LENGTH);
                try (EpochsUnderTest relay = new EpochsUnderTest(own, root, clock)) {
                    relay.pollUntil(() -> relay.running() == clock.wallMs() / LENGTH);
                    assertThat(relay.end(relay.running(), relay.wrap(relay.running())))
                            .isEqualTo(Verdict.DELIVERED);
                }
                clock.pass(5 * LENGTH); // all that was announced is over
            }
        }
    }

    @Test
    void anIdleRelayRollsByTheScheduleAndDisclosesEachEpochAfterItsOverlap() throws Exception {
        try (EpochsUnderTest relay = open()) {
            final MemorySegment first = relay.wrap(FIRST);
            final MemorySegment next = relay.wrap(FIRST + 1);
            relay.pass(LENGTH - 10_000 - EARLY - 1);
            assertThat(relay.end(FIRST + 1, next)).isEqualTo(Verdict.EPOCH_OVER);

            relay.pass(1);
            assertThat(relay.end(FIRST + 1, next)).as("shortly before").isEqualTo(Verdict.DELIVERED);
            assertThat(relay.running()).isEqualTo(FIRST);

            relay.pass(EARLY);
            assertThat(relay.running()).isEqualTo(FIRST + 1);
            assertThat(relay.end(FIRST, first)).as("in the overlap").isEqualTo(Verdict.DELIVERED);
            final MemorySegment late = relay.wrap(FIRST);

            relay.pass(OVERLAP - 1);
            assertThat(relay.end(FIRST, relay.wrap(FIRST))).isEqualTo(Verdict.DELIVERED);
            assertThat(relay.disclosed()).isEmpty();
            relay.pass(1);
            assertThat(relay.end(FIRST, late)).isEqualTo(Verdict.EPOCH_OVER);
            relay.pollUntil(() -> !disclosed(relay).isEmpty());

            assertThat(relay.disclosed()).containsExactly(FIRST);
            assertThat(relay.file("keys/" + FIRST + ".key")).doesNotExist();
            assertThat(relay.file("keys/" + FIRST + ".span")).doesNotExist();
            assertThat(journals(relay)).as("with the next one's").containsExactly(FIRST + 1, FIRST + 2);
            assertThat(relay.log().size()).isEqualTo(1);
            assertThat(relay.descriptor().keys().getFirst().number()).isEqualTo(FIRST + 1);
        }
    }

    @Test
    void numbersHaveNoGapOverManyEpochs() throws Exception {
        try (EpochsUnderTest relay = open()) {
            for (int i = 0; i < 40; i++) {
                relay.pass(LENGTH / 4);
            }
            relay.pollUntil(() -> disclosed(relay).size() == 10);

            assertThat(relay.running()).isEqualTo(FIRST + 10);
            assertThat(relay.log().size()).isEqualTo(10);
            assertThat(relay.epochs().problem()).isEmpty();
        }
    }

    @Test
    void goesOnEarlyWhenTheReplaySetIsNearlyFullAndNeverBack() throws Exception {
        try (EpochsUnderTest relay = open()) {
            for (int ahead = 0; ahead < EpochSchedule.MAX_AHEAD; ahead++) {
                fill(relay, FIRST + ahead, EpochsUnderTest.TAGS * EpochStatus.FULL_PERCENT / 100 - 1);
                relay.pass(1_000);
                assertThat(relay.running()).isEqualTo(FIRST + ahead);
                fill(relay, FIRST + ahead, 1);
                relay.pass(0);
                assertThat(relay.running()).isEqualTo(FIRST + ahead + 1);
                assertThat(relay.descriptor()
                                .keyAt(clocks.wallMs())
                                .orElseThrow()
                                .number())
                        .as("senders hear of it")
                        .isEqualTo(FIRST + ahead + 1);
                relay.pass(OVERLAP);
                relay.pollUntil(() -> relay.engine().epochs().size() == 1);
            }
            final long last = FIRST + EpochSchedule.MAX_AHEAD;
            fill(relay, last, EpochsUnderTest.TAGS - 1);
            relay.pass(0);
            assertThat(relay.running()).as("no later key is announced").isEqualTo(last);
            assertThat(relay.epochs().limit()).isEqualTo(last);

            relay.pass(LENGTH);
            assertThat(relay.running()).isEqualTo(last + 1);
            relay.pass(2 * LENGTH);
            assertThat(relay.running()).isEqualTo(last + 1);
            relay.pass(LENGTH);
            assertThat(relay.running()).isEqualTo(last + 1);
            relay.pass(LENGTH);
            relay.pollUntil(() -> relay.running() == last + 2);
            relay.pass(OVERLAP);
            relay.pollUntil(() -> disclosed(relay).contains(last + 1));
            relay.log();
        }
    }

    @Test
    void aRestartGoesOnWithKeysAndTagsAndAcceptsNothingTwice() throws Exception {
        final MemorySegment seen;
        final MemorySegment seenInNext;
        final List<EpochPublicKey> keys;
        try (EpochsUnderTest relay = open()) {
            relay.pass(LENGTH - 10_000 - EARLY);
            seen = relay.wrap(FIRST);
            seenInNext = relay.wrap(FIRST + 1);
            assertThat(relay.end(FIRST, seen)).isEqualTo(Verdict.DELIVERED);
            assertThat(relay.end(FIRST + 1, seenInNext)).isEqualTo(Verdict.DELIVERED);
            relay.pass(EARLY);
            keys = relay.descriptor().keys();
        }
        clocks.pass(1_000);
        try (EpochsUnderTest relay = open()) {
            assertThat(relay.running()).isEqualTo(FIRST + 1);
            assertThat(relay.descriptor().keys()).isEqualTo(keys);
            assertThat(relay.end(FIRST, seen)).isEqualTo(Verdict.REPLAY);
            assertThat(relay.end(FIRST + 1, seenInNext)).isEqualTo(Verdict.REPLAY);
            assertThat(relay.end(FIRST, relay.wrap(FIRST))).isEqualTo(Verdict.DELIVERED);
            relay.pass(OVERLAP);
            relay.pollUntil(() -> disclosed(relay).contains(FIRST));
        }
    }

    @Test
    void whatEndedWhileTheRelayWasDownIsErasedAndThenDisclosed() throws Exception {
        try (EpochsUnderTest relay = open()) {
            assertThat(relay.end(FIRST, relay.wrap(FIRST))).isEqualTo(Verdict.DELIVERED);
            assertThat(journals(relay)).containsExactly(FIRST, FIRST + 1);
        }
        clocks.pass(20 * LENGTH);
        try (EpochsUnderTest relay = open()) {
            assertThat(relay.running()).isEqualTo(FIRST + 20);
            assertThat(relay.file("keys/" + FIRST + ".key"))
                    .as("wiped before anything else")
                    .doesNotExist();
            relay.pollUntil(() -> disclosed(relay).size() == 20);

            assertThat(relay.disclosed())
                    .containsExactlyElementsOf(
                            LongStream.range(FIRST, FIRST + 20).boxed().toList());
            assertThat(journals(relay)).containsExactly(FIRST + 20, FIRST + 21);
            assertThat(relay.log().size()).isEqualTo(20);
        }
    }

    /** The numbers that passed without a key are in no file: the next process finds them after the newest disclosure. */
    @Test
    void aSecondStopBeforeTheDisclosuresLeavesNoGap() throws Exception {
        try (EpochsUnderTest relay = open()) {
            relay.pass(LENGTH + OVERLAP);
            relay.pollUntil(() -> !disclosed(relay).isEmpty());
        }
        clocks.pass(20 * LENGTH);
        open().close();
        try (EpochsUnderTest relay = open()) {
            relay.pollUntil(() -> disclosed(relay).size() == 21);
            assertThat(relay.log().size()).isEqualTo(21);
        }
    }

    @Test
    void anEarlyRollIsNotTakenBackByARestart() throws Exception {
        try (EpochsUnderTest relay = open()) {
            fill(relay, FIRST, EpochsUnderTest.TAGS * EpochStatus.FULL_PERCENT / 100);
            relay.pass(1);
            assertThat(relay.running()).isEqualTo(FIRST + 1);
        }
        try (EpochsUnderTest relay = open()) {
            assertThat(relay.running()).isEqualTo(FIRST + 1);
            assertThat(relay.end(FIRST, relay.wrap(FIRST))).isEqualTo(Verdict.DELIVERED);
            relay.pass(OVERLAP);
            relay.pollUntil(() -> disclosed(relay).contains(FIRST));
            relay.log();
        }
    }

    @Test
    void oneWrongReadingOfTheWallClockChangesNothing() throws Exception {
        try (EpochsUnderTest relay = open()) {
            for (long jump : new long[] {86_400_000, -86_400_000, LENGTH, -LENGTH}) {
                clocks.jumpWall(jump);
                for (int i = 0; i < 3; i++) {
                    relay.pass(3_000);
                    assertThat(relay.running()).isEqualTo(FIRST);
                }
                clocks.jumpWall(-jump);
            }
            relay.pass(LENGTH - 10_000 - 4 * 3 * 3_000);
            assertThat(relay.running()).isEqualTo(FIRST + 1);
        }
    }

    @Test
    void aRestartWithAClockThatIsBehindDoesNotGoBack() throws Exception {
        try (EpochsUnderTest relay = open()) {
            relay.pass(3 * LENGTH);
            relay.pollUntil(() -> relay.running() == FIRST + 3);
        }
        clocks.jumpWall(-2 * LENGTH);
        try (EpochsUnderTest relay = open()) {
            assertThat(relay.running()).isEqualTo(FIRST + 3);
            relay.pass(LENGTH);
            assertThat(relay.running()).isEqualTo(FIRST + 3);
            relay.pass(LENGTH);
            relay.pass(LENGTH);
            assertThat(relay.running()).isEqualTo(FIRST + 4);
        }
    }

    @Test
    void aSuspendedRelaySkipsEpochsAndDisclosesThem() throws Exception {
        try (EpochsUnderTest relay = open()) {
            relay.pass(7 * LENGTH);
            relay.pollUntil(() -> relay.running() == FIRST + 7);
            relay.pass(OVERLAP);
            relay.pollUntil(() -> disclosed(relay).size() == 7);

            assertThat(relay.log().size()).isEqualTo(7);
            assertThat(keyFiles(relay)).containsExactly(FIRST + 7, FIRST + 8, FIRST + 9, FIRST + 10);
        }
    }

    /** An epoch's packets carry the low 8 bits of its number: the one that is 256 later could be taken for it. Two are live. */
    @Test
    void aRelaySuspendedFor256EpochsGoesOnWithTheFirstThatIsUnlikeItsLiveOnes() throws Exception {
        try (EpochsUnderTest relay = open()) {
            relay.pass(256 * LENGTH);
            relay.pollUntil(() ->
                    relay.problem().filter(each -> each.contains("look like")).isPresent());
            assertThat(relay.running()).isEqualTo(FIRST);

            relay.pass(2 * LENGTH);
            relay.pollUntil(() -> relay.running() == FIRST + 258);
        }
    }

    @Test
    void refusesAnotherScheduleForTheSameIdentityAndAnotherLawForAnnouncedEpochs() throws Exception {
        open().close();

        assertThatThrownBy(() -> open(new EpochSchedule(0, LENGTH, OVERLAP - 1), EpochsUnderTest.LAW)
                        .close())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("have been announced and cannot change");
        final DelayLaw other = new DelayLaw(DelayPolicy.EPOCH_VRF, DelayDistribution.uniform(0, 2_000_000));
        assertThatThrownBy(() -> open(EpochsUnderTest.SCHEDULE, other).close())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("epochs up to " + (FIRST + 3) + " are announced with epoch-vrf uniform(0ns,1ms)");
        clocks.pass(10 * LENGTH);
        open(EpochsUnderTest.SCHEDULE, other).close();
    }

    /** The law of an epoch decides whether its delays are disclosed, not that of the process which finds it over. */
    @Test
    void disclosesTheEpochsOfALawThatIsNotThePresentOne() throws Exception {
        final DelayLaw undisclosed = new DelayLaw(DelayPolicy.SENDER, EpochsUnderTest.LAW.distribution());
        open(EpochsUnderTest.SCHEDULE, undisclosed).close();
        clocks.pass(10 * LENGTH);

        try (EpochsUnderTest relay = open(EpochsUnderTest.SCHEDULE, EpochsUnderTest.LAW)) {
            relay.pollUntil(() -> disclosed(relay).contains(FIRST + 9));
            assertThat(disclosed(relay)).doesNotContain(FIRST, FIRST + 1, FIRST + 2, FIRST + 3);
        }
        clocks.pass(10 * LENGTH);
        try (EpochsUnderTest relay = open(EpochsUnderTest.SCHEDULE, undisclosed)) {
            relay.pollUntil(() -> disclosed(relay).contains(FIRST + 13));
        }
    }

    /** A process that dies does not close; its files are the same, since each step is on the disk when it is done. */
    @Test
    void goesOnFromWhateverAStopInTheMiddleOfARollLeaves() throws Exception {
        final int steps = 30;
        for (int i = 0; i < steps; i++) {
            try (EpochsUnderTest relay = open()) {
                assertThat(relay.end(relay.running(), relay.wrap(relay.running())))
                        .isEqualTo(Verdict.DELIVERED);
                relay.pass(LENGTH / 7);
                relay.log();
            }
        }
        try (EpochsUnderTest relay = open()) {
            relay.pass(OVERLAP);
            relay.pollUntil(() -> disclosed(relay).contains(relay.running() - 1));
            assertThat(relay.running()).isEqualTo(FIRST + (10_000 + steps * (LENGTH / 7) + OVERLAP) / LENGTH);
            assertThat(relay.log().size()).isEqualTo((int) (relay.running() - FIRST));
        }
    }

    private EpochsUnderTest open() throws IOException {
        return new EpochsUnderTest(folder, root, clocks);
    }

    private EpochsUnderTest open(EpochSchedule schedule, DelayLaw law) throws IOException {
        return new EpochsUnderTest(folder, root, clocks, new SecureRandomness(), schedule, law);
    }

    private static void fill(EpochsUnderTest relay, long epoch, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            assertThat(relay.end(epoch, relay.wrap(epoch), false)).isEqualTo(Verdict.DELIVERED);
        }
        assertThat(relay.engine().counters().dropped()).isEmpty();
    }

    private static List<Long> disclosed(EpochsUnderTest relay) {
        try {
            return relay.disclosed();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static List<Long> journals(EpochsUnderTest relay) throws IOException {
        return numbers(relay.file("state"), "replay-[0-9a-f]+-([0-9]+)\\..*");
    }

    private static List<Long> keyFiles(EpochsUnderTest relay) throws IOException {
        return numbers(relay.file("keys"), "([0-9]+)\\.key");
    }

    private static List<Long> numbers(Path folder, String pattern) throws IOException {
        final List<Long> numbers = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                final String name = file.getFileName().toString();
                if (name.matches(pattern)) {
                    numbers.add(Long.valueOf(name.replaceFirst(pattern, "$1")));
                }
            }
        }
        return numbers.stream().sorted().distinct().toList();
    }
}
