package io.millrace.rig;

import io.millrace.rig.attack.AttackChild;
import io.millrace.rig.flood.FloodChild;
import io.millrace.rig.knee.subject.SubjectChild;
import io.millrace.rig.process.Answers;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * Entry point of the processes that a measurement starts: {@code attack}, {@code flood-attack} or {@code knee-subject}. Each
 * obeys lines on standard input, answers them on standard output, and ends when its input ends.
 */
public final class RigChild {
    private static final int FAILED = 1;
    private static final int USAGE = 2;

    private RigChild() {}

    /**
     * Runs one kind of process.
     *
     * @param args the kind.
     * @throws IOException if not even standard error can be written.
     */
    public static void main(String[] args) throws IOException {
        final int exitCode = run(String.join(" ", args));
        // Other threads must not keep the process after the work has ended.
        System.exit(exitCode);
    }

    private static int run(String kind) throws IOException {
        final BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        final Answers answers = line -> write(FileDescriptor.out, line);
        try {
            switch (kind) {
                case "attack" -> new AttackChild(commands, answers).serve();
                case "flood-attack" -> FloodChild.serve(commands, answers);
                case "knee-subject" -> SubjectChild.serve(commands, answers);
                default -> {
                    write(FileDescriptor.err, "millrace: not a process of a measurement: kind=" + kind);
                    return USAGE;
                }
            }
            return 0;
        } catch (IOException e) {
            write(FileDescriptor.err, "millrace: " + kind + ": " + e.getMessage());
            return USAGE;
        } catch (Exception | Error e) {
            write(FileDescriptor.err, "millrace: " + kind + ": a fault of the program: " + e);
            return FAILED;
        }
    }

    /** Unbuffered, and fails where {@code System.out} would not say that it failed. */
    @SuppressWarnings("resource") // the descriptor stays open
    private static void write(FileDescriptor descriptor, String line) throws IOException {
        new FileOutputStream(descriptor).write((line + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
