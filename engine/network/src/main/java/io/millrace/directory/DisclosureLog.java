package io.millrace.directory;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.Optional;

/**
 * Verified disclosures of one relay in the order of their epochs, without a gap.
 *
 * <p>The first disclosure may be of any epoch; each further one is of the next epoch and begins where the one before it
 * ended. Keeps the newest {@code capacity} disclosures. Not thread safe.
 */
public final class DisclosureLog {
    private final RelayDescriptor descriptor;
    private final int capacity;
    private final Deque<DelayDisclosure> disclosures = new ArrayDeque<>();

    /**
     * Makes an empty log.
     *
     * @param descriptor of the relay, from a source that the caller trusts.
     * @param capacity most disclosures kept, 1 or more.
     */
    public DisclosureLog(RelayDescriptor descriptor, int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("the capacity must be 1 or more: capacity=" + capacity);
        }
        this.descriptor = Objects.requireNonNull(descriptor, "descriptor");
        this.capacity = capacity;
    }

    /**
     * Verifies a disclosure and appends it.
     *
     * @param disclosure of the epoch after the last one.
     * @throws DocumentException if its proof, law or span is wrong, an epoch is missing before it, or spans overlap or
     *     leave a gap; the log is then unchanged.
     */
    public void add(DelayDisclosure disclosure) throws DocumentException {
        disclosure.verify(descriptor);
        try {
            descriptor.schedule().requireSpan(disclosure.epoch(), disclosure.notBeforeMs(), disclosure.notAfterMs());
        } catch (IllegalArgumentException e) {
            throw new DocumentException(disclosure.what() + e.getMessage(), e);
        }
        final DelayDisclosure last = disclosures.peekLast();
        if (last != null && disclosure.epoch() != last.epoch() + 1) {
            throw new DocumentException(
                    disclosure.what() + "epoch numbers rise by one: the log ends with epoch " + last.epoch());
        }
        if (last != null && disclosure.notBeforeMs() != last.notAfterMs()) {
            throw new DocumentException(disclosure.what() + "begins at " + disclosure.notBeforeMs()
                    + " ms, but the epoch before it ends at " + last.notAfterMs() + " ms");
        }
        if (disclosures.size() == capacity) {
            disclosures.removeFirst();
        }
        disclosures.addLast(disclosure);
    }

    /** Number of disclosures kept. */
    public int size() {
        return disclosures.size();
    }

    /**
     * The disclosure of an epoch.
     *
     * @param epoch any.
     * @return empty if the log does not hold it.
     */
    public Optional<DelayDisclosure> of(long epoch) {
        return disclosures.stream().filter(each -> each.epoch() == epoch).findFirst();
    }

    /** The newest disclosure; empty if there is none. */
    public Optional<DelayDisclosure> last() {
        return Optional.ofNullable(disclosures.peekLast());
    }

    /** The descriptor that the disclosures are verified against. */
    public RelayDescriptor descriptor() {
        return descriptor;
    }
}
