package io.millrace.htx.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.millrace.htx.admission.SeenTickets.Standing;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Which tickets are known, whose share they use, and the cost of a crowd of them to all others. */
class TicketMemoryTest {
    private static final long SEED = new SplittableRandom().nextLong();
    private static final int CAPACITY = 1_024;
    private static final long HOUR = 500_000;

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final SeenTickets seen = new SeenTickets(CAPACITY, 2, segment -> {
        for (long i = 0; i < segment.byteSize(); i++) {
            segment.set(ValueLayout.JAVA_BYTE, i, (byte) random.nextInt());
        }
    });

    @Test
    void everyTicketIsKnownHoweverManyThereAre() {
        final int count = 8 * CAPACITY;
        for (long i = 0; i < count; i++) {
            seen.add(0, HOUR, HOUR, i, ~i, i << 24);
        }
        for (long i = 0; i < count; i++) {
            assertThat(seen.standing(0, HOUR, i, ~i))
                    .as("seed %d, ticket %d", SEED, i)
                    .isEqualTo(Standing.SEEN);
        }
    }

    @Test
    void aTicketThatWasNotTakenIsHardlyEverTakenForOneThatWas() {
        fill(0, 4 * CAPACITY, 0);
        int mistaken = 0;
        for (int i = 0; i < 10_000; i++) {
            mistaken += seen.standing(0, HOUR, random.nextLong(), random.nextLong()) == Standing.SEEN ? 1 : 0;
        }
        assertThat(mistaken).as("seed %d, of 10,000", SEED).isLessThan(200);
    }

    @Test
    void anotherKeyAndAnotherHourHaveTicketsOfTheirOwn() {
        seen.add(0, HOUR, HOUR, 1, 2, 3);
        assertThat(seen.standing(1, HOUR, 1, 2)).isEqualTo(Standing.NEW);
        assertThat(seen.standing(0, HOUR + 1, 1, 2)).isEqualTo(Standing.NEW);
        fill(0, 100 * CAPACITY, 0);
        for (int i = 0; i < 10_000; i++) {
            assertThat(seen.standing(1, HOUR, random.nextLong(), random.nextLong()))
                    .as("seed %d: a crowd with key 0 costs holders of key 1 nothing", SEED)
                    .isEqualTo(Standing.NEW);
        }
    }

    @Test
    void aNetworkUsesUpItsOwnShareOnly() throws UnknownHostException {
        for (int i = 0; i < 2 * CAPACITY; i++) {
            addFrom("10.1.2." + i % 256);
            addFrom("2001:db8:7:" + Integer.toHexString(i % 256 << 8) + "::1");
        }
        assertThat(isOver("10.1.2.200")).isTrue();
        assertThat(isOver("2001:db8:7::1")).as("by its /48").isTrue();
        assertThat(isOver("10.1.3.1")).isFalse();
        assertThat(isOver("2001:db8:8::1")).as("the /32 has some left").isFalse();
        assertThat(isOver("2001:db9::1")).isFalse();

        for (int i = 0; i < 2 * CAPACITY; i++) {
            addFrom("2001:db8:" + Integer.toHexString(i % 4096) + "::1");
        }
        assertThat(isOver("2001:db8:ffff::1")).as("by its /32").isTrue();
        assertThat(isOver("2001:db9::1")).isFalse();
    }

    @Test
    void hoursThatAreStillKeptAreKnownAndDroppedOnesRefused() {
        for (int hour = 0; hour < SeenTickets.HOURS + 3; hour++) {
            seen.add(0, HOUR + hour, HOUR + hour, 1, 1, 1);
        }
        for (int hour = 0; hour < SeenTickets.HOURS + 3; hour++) {
            assertThat(seen.standing(0, HOUR + hour, 1, 1))
                    .as("hour %d", hour)
                    .isEqualTo(hour < 3 ? Standing.FORGOTTEN : Standing.SEEN);
        }
        assertThat(seen.standing(0, HOUR - 1, 1, 1))
                .as("nothing of that hour was dropped")
                .isEqualTo(Standing.NEW);
    }

    @Test
    void manyRunsOfDroppedHoursBecomeFewerThatContainThem() {
        final DroppedHours dropped = new DroppedHours();
        for (long i = 0; i < 3L * DroppedHours.RUNS; i++) {
            dropped.add(i * i);
        }
        for (long i = 0; i < 3L * DroppedHours.RUNS; i++) {
            assertThat(dropped.contains(i * i)).isTrue();
        }
        assertThat(dropped.contains(-1)).isFalse();
        final long last = 3L * DroppedHours.RUNS - 1;
        assertThat(dropped.contains(last * last - 1)).as("the widest gaps stay").isFalse();
        assertThat(dropped.contains(last * last + 1)).isFalse();
    }

    @Test
    void memoryIsBoundedAndHugeBudgetsAreRefused() {
        assertThat(new SeenTickets(AdmissionConfig.DEFAULT.ticketsPerHour(), 1, segment -> {}).maxBytes())
                .isLessThan(256L * AdmissionConfig.DEFAULT.ticketsPerHour());
        assertThat(new SeenTickets(AdmissionConfig.MOST_TICKETS, 1, segment -> {}).maxBytes())
                .isPositive();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AdmissionConfig(20, 50, 64, 2_000_000_000, 64, 1))
                .withMessageContaining("ticketsPerHour=2000000000");
    }

    private void fill(int key, int count, int from) {
        for (int i = from; i < from + count; i++) {
            seen.add(key, HOUR, HOUR, random.nextLong(), random.nextLong(), (long) i << 24);
        }
    }

    private void addFrom(String address) throws UnknownHostException {
        seen.add(0, HOUR, HOUR, random.nextLong(), random.nextLong(), prefix(address));
    }

    private boolean isOver(String address) throws UnknownHostException {
        return seen.isOverShare(0, HOUR, prefix(address));
    }

    private static long prefix(String address) throws UnknownHostException {
        return SourcePrefix.of(InetAddress.getByName(address));
    }
}
