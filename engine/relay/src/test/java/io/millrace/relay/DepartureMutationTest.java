package io.millrace.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.config.ThreadingMode;
import io.millrace.vrf.DelayPolicy;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The judge of departures refuses every relay that cheats. The relay is mutated in its compiled classes and then run and
 * judged as {@link DepartureTest} does; without a mutation the same means leads to no complaint.
 */
class DepartureMutationTest {
    private static final long SEED = 20_261_129;
    private static final int PACKETS = 600;
    private static final int PROVED_PACKETS = 200;

    private static final String PACKAGE = DepartureMutationTest.class.getPackageName() + ".";
    private static final Map<Mutant, MutatedClasses> COPIES = new EnumMap<>(Mutant.class);

    /** Mutants that are seen in the delay of single packets. */
    private static final Set<Mutant> OF_DELAYS = EnumSet.complementOf(EnumSet.of(Mutant.NONE, Mutant.TICK_ORDER));

    static Stream<Arguments> cheatingRelays() {
        final List<Arguments> relays = new ArrayList<>();
        for (Mutant mutant : OF_DELAYS) {
            for (ThreadingMode mode : ThreadingMode.values()) {
                relays.add(Arguments.of(mutant, DelayPolicy.EPOCH_VRF, mode));
            }
            if (mutant != Mutant.FROZEN_EPOCH) {
                relays.add(Arguments.of(mutant, DelayPolicy.SENDER, ThreadingMode.SHARED));
                relays.add(Arguments.of(mutant, DelayPolicy.PACKET_VRF, ThreadingMode.SHARED));
            }
        }
        return relays.stream();
    }

    @ParameterizedTest
    @MethodSource("cheatingRelays")
    void isRefused(Mutant mutant, DelayPolicy policy, ThreadingMode mode) throws ReflectiveOperationException {
        final List<String> complaints = delays(mutant, policy, mode);
        assertThat(complaints).allMatch(text -> text.startsWith("early: ") || text.startsWith("late: "));
        assertThat(complaints.size()).isBetween(leastComplaints(mutant), packets(policy));
    }

    @ParameterizedTest
    @MethodSource("io.millrace.relay.DepartureTest#policiesAndModes")
    void anUnmutatedCopyIsNotRefused(DelayPolicy policy, ThreadingMode mode) throws ReflectiveOperationException {
        assertThat(delays(Mutant.NONE, policy, mode)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(ThreadingMode.class)
    void theOrderWithinATickIsJudged(ThreadingMode mode) throws ReflectiveOperationException {
        assertThat(orders(Mutant.TICK_ORDER, mode)).singleElement().asString().endsWith(": bursts=20");
        assertThat(orders(Mutant.NONE, mode)).isEmpty();
    }

    private static int leastComplaints(Mutant mutant) {
        return mutant == Mutant.EARLY_1PCT || mutant == Mutant.FRONT_1PCT ? 1 : PROVED_PACKETS / 2;
    }

    private static int packets(DelayPolicy policy) {
        return policy == DelayPolicy.PACKET_VRF ? PROVED_PACKETS : PACKETS;
    }

    private static List<String> delays(Mutant mutant, DelayPolicy policy, ThreadingMode mode)
            throws ReflectiveOperationException {
        return complaints(method(mutant, "DepartureJudge", "delays", String.class, String.class, int.class, long.class)
                .invoke(null, policy.name(), mode.name(), packets(policy), SEED));
    }

    private static List<String> orders(Mutant mutant, ThreadingMode mode) throws ReflectiveOperationException {
        return complaints(method(mutant, "DepartureJudge", "orders", String.class, long.class)
                .invoke(null, mode.name(), SEED));
    }

    private static List<String> complaints(Object made) {
        return ((List<?>) made).stream().map(Object::toString).toList();
    }

    /** A method of the copy whose relay is that mutant. */
    private static Method method(Mutant mutant, String name, String method, Class<?>... parameters)
            throws ReflectiveOperationException {
        final MutatedClasses classes = COPIES.computeIfAbsent(mutant, each -> new MutatedClasses());
        accessible(classes.loadClass(PACKAGE + "Mutant").getDeclaredMethod("become", String.class))
                .invoke(null, mutant.name());
        return accessible(classes.loadClass(PACKAGE + name).getDeclaredMethod(method, parameters));
    }

    private static Method accessible(Method method) {
        method.setAccessible(true);
        return method;
    }
}
