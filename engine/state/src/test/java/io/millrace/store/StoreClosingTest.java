package io.millrace.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.crypto.SecretKey;
import io.millrace.crypto.SecureRandomness;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An epoch that is over is erased on another thread than the one that closes the store. */
@Timeout(300)
class StoreClosingTest {
    @TempDir
    private Path folder;

    /** Its release waits until the test lets it go on. */
    private static final class SlowFile extends DurableFile {
        final CountDownLatch releasing = new CountDownLatch(1);
        final CountDownLatch goOn = new CountDownLatch(1);
        final AtomicInteger releases = new AtomicInteger();

        SlowFile(Path file) {
            super(file, 0);
        }

        @Override
        public long position() {
            return 0;
        }

        @Override
        protected void force() {}

        @Override
        protected void release() throws IOException {
            releases.incrementAndGet();
            releasing.countDown();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
    }

    @Test
    void aFileThatIsBeingErasedIsReleasedOnceAndGoneBeforeTheStoreCloses() throws Exception {
        final Store store = Store.open(folder, CommitPolicy.DEFAULT);
        final SlowFile file = store.file("slow.tags", place -> {
            Files.writeString(place.file(), "tags");
            return new SlowFile(place.file());
        });
        final CompletableFuture<Void> erased = running(() -> store.erase(file));
        file.releasing.await();
        final CountDownLatch began = new CountDownLatch(1);
        final CompletableFuture<Thread> closer = new CompletableFuture<>();
        final CompletableFuture<Void> closed = running(() -> {
            closer.complete(Thread.currentThread());
            began.countDown();
            store.close();
        });
        began.await();
        while (closer.join().getState() != Thread.State.BLOCKED) {
            assertThat(closed).as("the store waits for the erasure").isNotDone();
            LockSupport.parkNanos(1_000_000);
        }
        file.goOn.countDown();

        erased.join();
        closed.join();
        assertThat(file.releases).hasValue(1);
        assertThat(folder.resolve("slow.tags")).doesNotExist();
        assertThat(folder.resolve("clean")).exists();
    }

    @Test
    void aClosedStoreErasesNothing() throws IOException {
        final Store store = Store.open(folder, CommitPolicy.DEFAULT);
        final ReplayJournal journal;
        try (store;
                SecretKey key = SecretKey.copyOf(MemorySegment.ofArray(new byte[SecretKey.LENGTH]))) {
            journal = ReplayJournal.open(store, "key", 7, key, new SecureRandomness(), false);
            assertThat(journal.append(1, new long[] {1}, new long[] {2})).isTrue();
        }

        assertThatThrownBy(journal::erase)
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("the store is closed; the file stays");
        try (Store next = Store.open(folder, CommitPolicy.DEFAULT)) {
            ReplayJournal.eraseLeft(next, "key", 7);
        }
        assertThat(folder.toFile().list()).noneMatch(name -> name.contains("replay-key-7"));
    }

    private static CompletableFuture<Void> running(Work work) {
        final CompletableFuture<Void> done = new CompletableFuture<>();
        Thread.ofPlatform().daemon().start(() -> {
            try {
                work.run();
                done.complete(null);
            } catch (IOException | RuntimeException | Error e) {
                done.completeExceptionally(e);
            }
        });
        return done;
    }

    private interface Work {
        void run() throws IOException;
    }
}
