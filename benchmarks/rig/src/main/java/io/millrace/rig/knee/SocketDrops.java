package io.millrace.rig.knee;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/** Datagrams that the kernel dropped at a socket because its buffer was full: Linux counts them per socket. */
final class SocketDrops {
    private static final Path TABLE = Path.of("/proc/net/udp");

    private SocketDrops() {}

    /** Datagrams dropped so far at the IPv4 UDP socket on {@code port}; empty where the system does not tell. */
    static OptionalLong at(int port) {
        try {
            return Files.isReadable(TABLE) ? find(Files.readAllLines(TABLE), port) : OptionalLong.empty();
        } catch (IOException e) {
            // A figure that explains others; without it they are unexplained, and the report says so by leaving it
            // out.
            return OptionalLong.empty();
        }
    }

    /** Looks {@code port} up in the lines of the kernel's table. */
    static OptionalLong find(List<String> lines, int port) {
        final String suffix = String.format(":%04X", port);
        return lines.stream()
                .skip(1)
                .map(line -> line.strip().split("\\s+"))
                .filter(fields -> fields.length > 2 && fields[1].endsWith(suffix))
                .mapToLong(fields -> Long.parseLong(fields[fields.length - 1]))
                .max();
    }
}
