package io.millrace.cli.htx;

import io.millrace.cli.text.HostPort;
import java.net.InetSocketAddress;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Addresses on the command line: {@code 127.0.0.1:9001}, {@code host:9001}, {@code [::1]:9001}. */
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
}
