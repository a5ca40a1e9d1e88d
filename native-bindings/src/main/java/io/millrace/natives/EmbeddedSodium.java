package io.millrace.natives;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/**
 * The libsodium builds inside this jar, one per platform, each with the SHA-256 that it must have.
 *
 * <p>They come from lazysodium-java 5.2.0 and are libsodium 1.0.20. Only {@link #LINUX_X86_64} is run by the tests of
 * this project; the others are embedded as they are published, and neither arm64 nor macOS has been tried.
 */
enum EmbeddedSodium {
    /** Linux on x86-64, glibc. */
    LINUX_X86_64("linux64/libsodium.so", "ec4a681bdc8e8635efb5c47f53458c7adfa5234dc0367611ddfa38d0d4305894"),
    /** Linux on arm64, glibc; not tried. */
    LINUX_ARM64("arm64/libsodium.so", "dcb6b3a9e10614d9f80a4a3729df2cab5a4c99851d3ca426c9a7fd64b622d2ea"),
    /** macOS on x86-64; not tried. */
    MAC_X86_64("mac/libsodium.dylib", "15db21a581a164feba6e5e12e70c53a3fad842268d217a7e5eb9462547cff38c"),
    /** macOS on arm64; not tried. */
    MAC_ARM64("mac_arm/libsodium.dylib", "f44a9e331997c4af1a0e325b23379750598d65bb56a974d7f34307f474a74f22");

    /** Where all of them come from. */
    static final String ORIGIN = "lazysodium-java 5.2.0";

    private final String resource;
    private final String sha256;

    EmbeddedSodium(String resource, String sha256) {
        this.resource = resource;
        this.sha256 = sha256;
    }

    /**
     * Chooses the build for a platform.
     *
     * @param osName as in the system property {@code os.name}.
     * @param osArch as in the system property {@code os.arch}.
     * @throws LibraryUnavailableException if there is none.
     */
    static EmbeddedSodium forPlatform(String osName, String osArch) {
        final boolean arm64 = osArch.equals("aarch64") || osArch.equals("arm64");
        final boolean x8664 = osArch.equals("amd64") || osArch.equals("x86_64");
        final String os = osName.toLowerCase(Locale.ROOT);
        if (os.equals("linux") && (arm64 || x8664)) {
            return arm64 ? LINUX_ARM64 : LINUX_X86_64;
        }
        if (os.startsWith("mac") && (arm64 || x8664)) {
            return arm64 ? MAC_ARM64 : MAC_X86_64;
        }
        throw new LibraryUnavailableException("libsodium: none is embedded for " + osName + " on " + osArch
                + " (only for Linux and macOS on x86-64 and arm64); install libsodium 1.0.18 or newer and pass its path"
                + " with --sodium");
    }

    /** Last part of the file name, with the ending that the platform's loader expects. */
    String fileName() {
        return resource.substring(resource.indexOf('/') + 1);
    }

    /** The SHA-256 that the build must have, in hexadecimal. */
    String sha256() {
        return sha256;
    }

    /**
     * Reads the build from this jar and checks it.
     *
     * @throws LibraryUnavailableException if it is missing or has another checksum.
     */
    byte[] read() {
        try (InputStream in = EmbeddedSodium.class.getResourceAsStream("sodium/" + resource)) {
            if (in == null) {
                throw new LibraryUnavailableException("libsodium: sodium/" + resource
                        + " is missing from the millrace-native jar; build it again with mvn clean package");
            }
            return verified(in.readAllBytes());
        } catch (IOException e) {
            throw new LibraryUnavailableException("libsodium: cannot read sodium/" + resource + ": " + e, e);
        }
    }

    /** Gives {@code content} back if it has the pinned checksum. */
    byte[] verified(byte[] content) {
        final String actual;
        try {
            actual = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
        if (!actual.equals(sha256)) {
            throw new LibraryUnavailableException("libsodium: the embedded " + resource + " has SHA-256 " + actual
                    + " and not " + sha256 + "; do not run this jar, build it again with mvn clean package");
        }
        return content;
    }
}
