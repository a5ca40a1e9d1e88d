package io.millrace.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Entry point of the command line. */
@Command(name = "millrace", mixinStandardHelpOptions = true)
public final class Millrace implements Runnable {
    private Millrace() {}

    /** Runs one command and exits with its code. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Millrace()).execute(args));
    }

    @Override
    public void run() {
        CommandLine.usage(this, System.err);
    }
}
