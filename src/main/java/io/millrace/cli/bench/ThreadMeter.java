package io.millrace.cli.bench;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Processor time and heap allocation of the engine's threads, as the JVM accounts them. */
final class ThreadMeter {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private ThreadMeter() {}

    /** Processor time of all {@code threads} together in nanoseconds. */
    static long cpuNs(List<Thread> threads) {
        long sum = 0;
        for (Thread thread : threads) {
            sum += THREADS.getThreadCpuTime(thread.threadId());
        }
        return sum;
    }

    /** The living threads whose names begin with one of these. */
    static List<Thread> named(String... beginnings) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> Arrays.stream(beginnings).anyMatch(thread.getName()::startsWith))
                .toList();
    }

    /** The living threads that make the store in {@code directory} durable. */
    static List<Thread> committing(Path directory) {
        return named("millrace-commit-" + directory.getFileName());
    }

    /** Bytes that all {@code threads} together have allocated on the heap. */
    static long allocatedBytes(List<Thread> threads) {
        long sum = 0;
        for (Thread thread : threads) {
            sum += THREADS.getThreadAllocatedBytes(thread.threadId());
        }
        return sum;
    }
}
