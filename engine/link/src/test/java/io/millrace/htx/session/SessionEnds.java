package io.millrace.htx.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.memory.TrackedArena;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;

/** Two ends of a session, and a pipe without delay between them; all memory is back after each test. */
abstract class SessionEnds {
    static final SessionConfig CONFIG = SessionConfig.HTX1;
    static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final long liveBefore = TrackedArena.liveBytes();
    SessionUnderTest a = new SessionUnderTest(true, CONFIG, 1, 0);
    SessionUnderTest b = new SessionUnderTest(false, CONFIG, 2, 0);

    @AfterEach
    void closeAll() {
        a.close();
        b.close();
        assertThat(TrackedArena.liveBytes()).isEqualTo(liveBefore);
    }

    final void settle(long now) {
        SessionUnderTest.settle(a, b, now);
    }

    static int write(SessionStream stream, String text) {
        return SessionUnderTest.write(stream, text.getBytes(StandardCharsets.UTF_8));
    }

    static String read(SessionStream stream) {
        return new String(SessionUnderTest.read(stream), StandardCharsets.UTF_8);
    }
}
