package io.millrace.map;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.store.StoreException;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that makes a map, writes to it and closes it never initialises a class with which the JDK opens a socket or asks
 * for an address, so that none of these can have done anything. The JVM's own log of initialised classes is the witness.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NoConnectionTest {
    private static final String ANALYTICS = "net.openhft.chronicle.analytics.Analytics";
    private static final Pattern INITIALIZED = Pattern.compile("(?m)^\\d+ Initializing '([^']+)'");

    /** All ways of the JDK to a socket end in one of these; every look-up of a name in the last two. */
    private static final Set<String> NETWORK = Set.of(
            "java.net.Socket",
            "java.net.ServerSocket",
            "java.net.DatagramSocket",
            "sun.nio.ch.NioSocketImpl",
            "sun.nio.ch.SocketChannelImpl",
            "sun.nio.ch.ServerSocketChannelImpl",
            "sun.nio.ch.DatagramChannelImpl",
            "sun.net.www.http.HttpClient",
            "java.net.InetAddress",
            "java.net.Inet4AddressImpl",
            "java.net.Inet6AddressImpl");

    @TempDir
    private Path folder;

    @Test
    void aMapOpensNoSocketAndLooksUpNoAddress() throws Exception {
        final Set<String> used =
                classesOf(MapWriter.class, folder.resolve("store").toString(), "0", "1000");
        assertThat(used).contains("net.openhft.chronicle.map.VanillaChronicleMap");
        used.removeIf(name -> !NETWORK.contains(name) && !name.startsWith("net.openhft.chronicle.analytics."));
        assertThat(used).isEmpty();
    }

    @Test
    void aProcessThatConnectsWouldBeSeen() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(classesOf(Connector.class, "" + server.getLocalPort()))
                    .contains("java.net.Socket", "sun.nio.ch.NioSocketImpl", "java.net.InetAddress");
        }
    }

    @Test
    void theAnalyticsAreNotOnTheClassPathAndNoMapOpensWhereTheyAre() throws Exception {
        assertThat(getClass().getResource("/" + ANALYTICS.replace('.', '/') + ".class"))
                .isNull();
        final Path classes = folder.resolve("classes");
        final Path file = classes.resolve(ANALYTICS.replace('.', '/') + ".class");
        Files.createDirectories(file.getParent());
        ClassFile.of().buildTo(file, ClassDesc.of(ANALYTICS), builder -> {});

        final Process child = ChildJvm.of(
                        MapWriter.class,
                        List.of(),
                        List.of(classes),
                        folder.resolve("store").toString(),
                        "0",
                        "1")
                .redirectErrorStream(true)
                .start();
        assertThat(ended(child)).contains(StoreException.class.getName() + ": net.openhft:chronicle-analytics is on");
        assertThat(child.exitValue()).isOne();
        assertThat(folder.resolve("store/written.map")).doesNotExist();
    }

    private Set<String> classesOf(Class<?> main, String... arguments) throws IOException, InterruptedException {
        final Path log = folder.resolve("classes.log");
        final Process child = ChildJvm.of(
                        main, List.of("-Xlog:class+init=info:file=" + log + ":none:filecount=0"), List.of(), arguments)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        ended(child);
        assertThat(child.exitValue()).isZero();
        final Set<String> names = new TreeSet<>();
        final Matcher matcher = INITIALIZED.matcher(Files.readString(log, StandardCharsets.UTF_8));
        while (matcher.find()) {
            names.add(matcher.group(1).replace('/', '.'));
        }
        return names;
    }

    /** Waits for the end of a process; gives its output. */
    private static String ended(Process child) throws IOException, InterruptedException {
        try {
            final byte[] printed = child.getInputStream().readAllBytes();
            child.waitFor();
            return new String(printed, StandardCharsets.UTF_8);
        } finally {
            child.destroyForcibly();
        }
    }

    /** Connects to a port of this machine. */
    static final class Connector {
        private Connector() {}

        public static void main(String[] arguments) throws IOException {
            new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0])).close();
        }
    }
}
