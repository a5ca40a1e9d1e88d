package io.millrace.cli.demo;

/** Brings a signal to the network, whichever comes first. */
final class SignalLatch {
    private DemoNetwork network;
    private boolean signalled;

    synchronized void signal() {
        signalled = true;
        if (network != null) {
            network.interrupt();
        }
    }

    synchronized void direct(DemoNetwork target) {
        network = target;
        if (signalled) {
            target.interrupt();
        }
    }
}
