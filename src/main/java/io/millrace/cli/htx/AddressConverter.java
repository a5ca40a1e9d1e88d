package io.millrace.cli.htx;

import java.net.InetSocketAddress;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Addresses on the command line: {@code 127.0.0.1:9001}, {@code host:9001}, {@code [::1]:9001}. */
final class AddressConverter implements ITypeConverter<InetSocketAddress> {
    private static final int LAST_PORT = 65_535;

    /** For the parser. */
    AddressConverter() {}

    @Override
    public InetSocketAddress convert(String text) {
        final int colon = text.lastIndexOf(':');
        final String host = colon < 1 ? "" : text.substring(0, colon);
        if (host.isEmpty() || host.contains(":") != (host.startsWith("[") && host.endsWith("]"))) {
            throw new TypeConversionException("must be host:port: " + text);
        }
        final int port;
        try {
            port = Integer.parseInt(text.substring(colon + 1));
        } catch (NumberFormatException e) {
            throw new TypeConversionException("must be host:port: " + text);
        }
        if (port < 0 || port > LAST_PORT) {
            throw new TypeConversionException("a port is 0 to 65535: " + text);
        }
        final InetSocketAddress address = new InetSocketAddress(host.replaceAll("[\\[\\]]", ""), port);
        if (address.isUnresolved()) {
            throw new TypeConversionException("unknown host: " + host);
        }
        return address;
    }
}
