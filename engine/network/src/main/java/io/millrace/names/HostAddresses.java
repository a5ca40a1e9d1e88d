package io.millrace.names;

import io.millrace.text.HostPort;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** All addresses that a host has now, and attempts at one after the other. */
public final class HostAddresses {
    private HostAddresses() {}

    /** One way to an address, which fails or gives a result. */
    @FunctionalInterface
    public interface Attempt<T> {
        /**
         * Tries one address.
         *
         * @param address one of the host's.
         * @throws IOException if it is not to be had there.
         */
        T at(InetSocketAddress address) throws IOException;
    }

    /**
     * The address, if the host is written in numbers; empty for a name.
     *
     * @param at host and port.
     */
    public static Optional<InetSocketAddress> literal(HostPort at) {
        try {
            return Optional.of(new InetSocketAddress(InetAddress.ofLiteral(at.host()), at.port()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /**
     * All addresses now, in the order to try them; never empty.
     *
     * @param at host and port.
     * @param lookup asked unless the host is written in numbers.
     * @throws UnknownHostException if the name has no address now; the message names it.
     */
    public static List<InetSocketAddress> resolve(HostPort at, NameLookup lookup) throws UnknownHostException {
        final Optional<InetSocketAddress> literal = literal(at);
        if (literal.isPresent()) {
            return List.of(literal.get());
        }
        final List<InetAddress> found;
        try {
            found = lookup.addresses(at.host());
        } catch (UnknownHostException | SecurityException e) {
            final UnknownHostException unknown = new UnknownHostException("unknown host: " + at.host());
            unknown.initCause(e);
            throw unknown;
        }
        if (found.isEmpty()) {
            throw new UnknownHostException("unknown host: " + at.host());
        }
        return found.stream()
                .distinct()
                .map(each -> new InetSocketAddress(each, at.port()))
                .toList();
    }

    /**
     * Tries all addresses of the host one after the other, until one attempt gives a result.
     *
     * @param at host and port.
     * @param lookup asked unless the host is written in numbers.
     * @param attempt called for each address until one gives a result.
     * @throws UnknownHostException if the name has no address now.
     * @throws IOException the last failure if all fail, with all of them in its message; the others are suppressed.
     */
    public static <T> T tryAll(HostPort at, NameLookup lookup, Attempt<T> attempt) throws IOException {
        final List<InetSocketAddress> addresses = resolve(at, lookup);
        final List<IOException> failures = new ArrayList<>();
        for (InetSocketAddress each : addresses) {
            try {
                return attempt.at(each);
            } catch (InterruptedIOException e) {
                if (!(e instanceof SocketTimeoutException)) {
                    throw e;
                }
                failures.add(e);
            } catch (IOException e) {
                failures.add(e);
            }
        }
        if (failures.size() == 1) {
            throw failures.getFirst();
        }
        final IOException all = new ConnectException(at + ": none of its " + failures.size()
                + " addresses: "
                + String.join(
                        "; ",
                        failures.stream()
                                .map(each -> String.valueOf(each.getMessage()))
                                .toList()));
        failures.forEach(all::addSuppressed);
        throw all;
    }
}
