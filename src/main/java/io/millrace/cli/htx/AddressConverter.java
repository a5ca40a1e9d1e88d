package io.millrace.cli.htx;

import io.millrace.text.HostPort;
import java.net.InetSocketAddress;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Addresses to listen at on the command line: {@code 127.0.0.1:9001}, {@code host:9001}, {@code [::1]:9001}; a name is
 * looked up at once, and its first address is taken.
 */
final class AddressConverter implements ITypeConverter<InetSocketAddress> {
    /** For the parser. */
    AddressConverter() {}

    @Override
    public InetSocketAddress convert(String text) {
        try {
            return HostPort.parse(text, 0).resolve();
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage() + ": " + text);
        }
    }

    /** Addresses to connect to; a name is looked up when it is used. */
    static final class Target implements ITypeConverter<HostPort> {
        /** For the parser. */
        Target() {}

        @Override
        public HostPort convert(String text) {
            try {
                return HostPort.parse(text, 0);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage() + ": " + text);
            }
        }
    }
}
