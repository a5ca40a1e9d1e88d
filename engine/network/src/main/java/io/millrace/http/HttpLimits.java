package io.millrace.http;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The threads of an HTTP server of the JDK, and its limits: a connection that sends half a request takes a virtual thread
 * for {@link #REQUEST_SECONDS}, and none of the other connections waits for it. Further connections are closed.
 *
 * <p>The bound is for all sources together. The JDK's server hands a connection over without its address, which is known only
 * when the request is read; so one source can take all of the connections. Both servers of the program listen on loopback
 * unless the file says {@code beyond-loopback}, and then a proxy or a packet filter has to bound each source.
 *
 * <p>While the process has no descriptor left, the JDK's server asks for the connection that waits again and again, and keeps a
 * core busy; it serves again once there is one.
 *
 * <p>Threading: any.
 */
public final class HttpLimits extends AbstractExecutorService {
    /** Most connections at once whose request or answer is under way. */
    public static final int MAX_REQUESTS = 256;

    /** Longest time in seconds in which a request must be there as a whole, and then its answer be taken. */
    public static final int REQUEST_SECONDS = 5;

    static {
        // The JDK's server takes them from nowhere else, once, when its first server is made.
        System.setProperty("sun.net.httpserver.maxReqTime", Integer.toString(REQUEST_SECONDS));
        System.setProperty("sun.net.httpserver.maxRspTime", Integer.toString(REQUEST_SECONDS));
    }

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Semaphore permits = new Semaphore(MAX_REQUESTS);

    private HttpLimits() {}

    /** The executor of one server, to be made before the server; {@link #shutdownNow} ends its threads. */
    public static HttpLimits executor() {
        return new HttpLimits();
    }

    @Override
    public void execute(Runnable request) {
        if (!permits.tryAcquire()) {
            throw new RejectedExecutionException("too many requests");
        }
        boolean started = false;
        try {
            threads.execute(() -> {
                try {
                    request.run();
                } finally {
                    permits.release();
                }
            });
            started = true;
        } finally {
            if (!started) {
                permits.release();
            }
        }
    }

    @Override
    public void shutdown() {
        threads.shutdown();
    }

    @Override
    public List<Runnable> shutdownNow() {
        return threads.shutdownNow();
    }

    @Override
    public boolean isShutdown() {
        return threads.isShutdown();
    }

    @Override
    public boolean isTerminated() {
        return threads.isTerminated();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        return threads.awaitTermination(timeout, unit);
    }
}
