package io.millrace.cli.config;

import java.net.InetSocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Addresses as written in a file: {@code 127.0.0.1:9001}, {@code relay.example:9001}, {@code [::1]:9001}. */
final class HostPort {
    private static final Pattern FORM = Pattern.compile("(\\[[0-9a-fA-F:.%]+]|[^:\\[\\]\\s]+):([0-9]{1,6})");
    private static final int LAST_PORT = 65_535;

    private HostPort() {}

    /**
     * Reads the address under {@code key}.
     *
     * @param firstPort 1, or 0 where the system may choose a port.
     */
    static InetSocketAddress read(TomlTable table, String key, int firstPort) {
        final String text = table.text(key);
        final Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw table.wrong("must be host:port", key, text);
        }
        final int port = Integer.parseInt(matcher.group(2));
        if (port < firstPort || port > LAST_PORT) {
            throw table.wrong("port must be " + firstPort + " to " + LAST_PORT, key, text);
        }
        final InetSocketAddress address = new InetSocketAddress(matcher.group(1).replaceAll("[\\[\\]]", ""), port);
        if (address.isUnresolved()) {
            throw table.wrong("unknown host", key, text);
        }
        return address;
    }
}
