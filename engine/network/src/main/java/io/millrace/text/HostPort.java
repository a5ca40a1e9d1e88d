package io.millrace.text;

import java.net.InetSocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Host and port as people write them: {@code 127.0.0.1:9001}, {@code relay.example:9001}, {@code [::1]:9001}. Every text
 * that {@link #of(InetSocketAddress)} gives is one that {@link #parse} takes, and means the same address.
 *
 * @param host a name or literal address, without brackets; never empty.
 * @param port 0 to 65,535.
 */
public record HostPort(String host, int port) {
    private static final Pattern FORM =
            Pattern.compile("(?:\\[([0-9a-fA-F:.]+(?:%[^\\[\\]\\s]+)?)]|([^:\\[\\]\\s]+)):([0-9]{1,5})");
    private static final int LAST_PORT = 65_535;

    /**
     * Reads a text.
     *
     * @param text such as {@code [::1]:9001}.
     * @param firstPort 1, or 0 where the system may choose a port.
     * @return host and port; no name is looked up.
     * @throws IllegalArgumentException if the text has another form; the message says which is wanted.
     */
    public static HostPort parse(String text, int firstPort) {
        final Matcher matcher = FORM.matcher(text);
        if (!matcher.matches() || (matcher.group(1) != null && !matcher.group(1).contains(":"))) {
            final boolean many = text.indexOf(':') != text.lastIndexOf(':');
            throw new IllegalArgumentException(
                    many ? "must be host:port, an IPv6 address in brackets" : "must be host:port");
        }
        final int port = Integer.parseInt(matcher.group(3));
        if (port < firstPort || port > LAST_PORT) {
            throw new IllegalArgumentException("port must be " + firstPort + " to " + LAST_PORT);
        }
        return new HostPort(matcher.group(1) == null ? matcher.group(2) : matcher.group(1), port);
    }

    /**
     * Host and port of an address.
     *
     * @param address resolved or not.
     * @return its host as it was given, or its literal address.
     */
    public static HostPort of(InetSocketAddress address) {
        return new HostPort(address.getHostString(), address.getPort());
    }

    /**
     * Text of the address that a socket has, for people and for {@link #parse}.
     *
     * @param address of a socket.
     * @return for example {@code 127.0.0.1:9001} or {@code [0:0:0:0:0:0:0:1]:9001}; the host's name only if it has no
     *     address.
     */
    public static String text(InetSocketAddress address) {
        return (address.isUnresolved()
                        ? of(address)
                        : new HostPort(address.getAddress().getHostAddress(), address.getPort()))
                .toString();
    }

    /**
     * Looks the host up.
     *
     * @return its first address.
     * @throws IllegalArgumentException if the name has no address.
     */
    public InetSocketAddress resolve() {
        final InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new IllegalArgumentException("unknown host");
        }
        return address;
    }

    /** The text that {@link #parse} takes: an IPv6 address in brackets. */
    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
