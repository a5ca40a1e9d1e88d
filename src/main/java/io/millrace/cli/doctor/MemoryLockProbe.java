package io.millrace.cli.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How much memory this process may keep out of swap: keys want it, and run without it. */
final class MemoryLockProbe implements Probe {
    private static final Pattern LINE = Pattern.compile("Max locked memory\\s+(\\S+)\\s.*");
    // Each key takes up to four pages of 4 KiB; a relay with 16 of them needs this much.
    private static final long ENOUGH_KIB = 256;
    private static final String NAME = "memory lock";
    private static final int BYTES_PER_KIB = 1024;

    private final Path limits;

    /** Reads {@code limits}, a file of the form of Linux's {@code /proc/self/limits}. */
    MemoryLockProbe(Path limits) {
        this.limits = limits;
    }

    @Override
    public Finding look() {
        final Optional<String> limit;
        try {
            limit = Files.readAllLines(limits).stream()
                    .map(LINE::matcher)
                    .filter(Matcher::matches)
                    .map(line -> line.group(1))
                    .findFirst();
        } catch (IOException e) {
            return Finding.ok(NAME, "limit unknown on this system");
        }
        if (limit.isEmpty()) {
            return Finding.ok(NAME, "limit unknown on this system");
        }
        if (limit.get().equals("unlimited")) {
            return Finding.ok(NAME, "unlimited");
        }
        final long kib = Long.parseLong(limit.get()) / BYTES_PER_KIB;
        return kib >= ENOUGH_KIB
                ? Finding.ok(NAME, kib + " KiB")
                : Finding.note(NAME, kib + " KiB: keys may reach swap", "ulimit -l " + ENOUGH_KIB);
    }
}
