package io.millrace.rig.measure;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Processor time and heap allocation of threads, as the JVM accounts them since each was started.
 *
 * <p>Safe for all threads. The JVM answers -1 for a thread that has ended: measure threads while they live.
 */
public final class ThreadMeter {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private ThreadMeter() {}

    /**
     * Processor time of all {@code threads} together in nanoseconds.
     *
     * @param threads of this JVM.
     */
    public static long cpuNs(List<Thread> threads) {
        long sum = 0;
        for (Thread thread : threads) {
            sum += THREADS.getThreadCpuTime(thread.threadId());
        }
        return sum;
    }

    /**
     * Processor time of {@code threads} in nanoseconds, by role: the word of a thread's name after {@code millrace-}, such as
     * {@code engine}, {@code io}, {@code commit}. Threads of one role count together.
     *
     * @param threads of this JVM.
     */
    public static Map<String, Long> cpuNsByRole(List<Thread> threads) {
        final Map<String, Long> byRole = new TreeMap<>();
        for (Thread thread : threads) {
            final String role = thread.getName().replaceFirst("^millrace-", "").replaceFirst("-.*", "");
            byRole.merge(role, THREADS.getThreadCpuTime(thread.threadId()), Long::sum);
        }
        return byRole;
    }

    /**
     * The living threads whose names begin with one of {@code beginnings}; may be empty, in no order.
     *
     * @param beginnings of the names of threads.
     */
    public static List<Thread> named(String... beginnings) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> Arrays.stream(beginnings).anyMatch(thread.getName()::startsWith))
                .toList();
    }

    /**
     * The living threads that make a store durable.
     *
     * @param directory of the store, with a last name: stores in directories of one name are not distinguished.
     */
    public static List<Thread> committing(Path directory) {
        return named("millrace-commit-" + directory.getFileName());
    }

    /**
     * Bytes that all {@code threads} together have allocated on the heap.
     *
     * @param threads of this JVM.
     */
    public static long allocatedBytes(List<Thread> threads) {
        long sum = 0;
        for (Thread thread : threads) {
            sum += THREADS.getThreadAllocatedBytes(thread.threadId());
        }
        return sum;
    }
}
