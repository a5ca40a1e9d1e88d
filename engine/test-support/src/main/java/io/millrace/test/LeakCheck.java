package io.millrace.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.crypto.SecretKey;
import io.millrace.memory.TrackedArena;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestInstanceFactoryContext;
import org.junit.jupiter.api.extension.TestInstancePreConstructCallback;

/**
 * Fails a test that leaves guarded mappings or tracked native bytes behind. Counts before the test's instance is made and
 * after its last {@code @AfterEach}, so that whatever a test keeps in fields must be closed too.
 */
public final class LeakCheck implements TestInstancePreConstructCallback, AfterEachCallback {
    private long keys;
    private long bytes;

    @Override
    public void preConstructTestInstance(TestInstanceFactoryContext factory, ExtensionContext context) {
        keys = SecretKey.liveCount();
        bytes = TrackedArena.liveBytes();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        assertThat(SecretKey.liveCount()).as("open secret keys").isEqualTo(keys);
        assertThat(TrackedArena.liveBytes()).as("live native bytes").isEqualTo(bytes);
    }
}
