package io.millrace.cli.demo;

/** The demo did not work; the message is one line for people. */
final class DemoFailure extends Exception {
    private static final long serialVersionUID = 1L;

    DemoFailure(String message) {
        super(message);
    }
}
