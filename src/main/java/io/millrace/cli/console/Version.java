package io.millrace.cli.console;

import io.millrace.crypto.Sodium;
import io.millrace.crypto.SodiumUnavailableException;
import io.millrace.crypto.provider.LanesKernels;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/**
 * What {@code --version} prints: the program's version as the build knows it, the JVM and the libsodium it runs on, and the
 * levels of the provider {@code lanes}.
 */
public final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {
            "millrace " + program(), "JDK " + Runtime.version(), library(), "lanes " + LanesKernels.levels()
        };
    }

    private static String library() {
        try {
            return "libsodium " + Sodium.version() + ", " + Sodium.origin();
        } catch (SodiumUnavailableException e) {
            return e.getMessage();
        }
    }

    /** The program's version, for example {@code 0.1.0}. */
    public static String program() {
        final Properties properties = new Properties();
        try (InputStream resource = Version.class.getResourceAsStream("version.properties")) {
            properties.load(resource);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version");
    }
}
