package io.millrace.cli.doctor;

/** The JVM that this process runs on, and the system below it. */
final class JdkProbe implements Probe {
    private static final int WANTED = 25;

    @Override
    public Finding look() {
        final String value = Runtime.version() + " " + System.getProperty("java.vendor") + " in "
                + System.getProperty("java.home") + ", " + System.getProperty("os.name") + " "
                + System.getProperty("os.version") + " " + System.getProperty("os.arch");
        return Runtime.version().feature() >= WANTED
                ? Finding.ok("jdk", value)
                : Finding.missing("jdk", value, "install JDK " + WANTED + " and point MILLRACE_JAVA_HOME at it");
    }
}
