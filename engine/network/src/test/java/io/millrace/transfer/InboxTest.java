package io.millrace.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.test.ProcessRun;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InboxTest {
    private static final String NAME = "\u00dcber uns.txt";

    @TempDir
    private Path folder;

    /** A process in the POSIX locale, as containers and service managers start it without the launcher. */
    static final class InPosixLocale {
        public static void main(String[] args) throws IOException {
            System.out.print(answer(Path.of(args[0])));
        }
    }

    private static String answer(Path folder) throws IOException {
        return String.valueOf(new Inbox(folder).refusal(new OfferedFile(NAME, 0, 1, "0".repeat(64))));
    }

    @Test
    void takesAGoodName() throws IOException {
        assertThat(answer(folder)).isEqualTo("null");
    }

    @Test
    void refusesANameThatTheLocaleCannotWriteAndGoesOn() throws IOException, InterruptedException {
        final ProcessBuilder builder = new ProcessBuilder(ProcessRun.java(InPosixLocale.class, folder.toString()));
        builder.environment().put("LC_ALL", "C");

        final ProcessRun run = ProcessRun.of(builder);

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).isEqualTo(RefusalReason.BAD_NAME.name());
    }
}
