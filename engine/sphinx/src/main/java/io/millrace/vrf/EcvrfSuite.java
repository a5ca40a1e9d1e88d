package io.millrace.vrf;

/**
 * The two ciphersuites of RFC 9381 over edwards25519 and SHA-512. They differ in how an input becomes a point.
 *
 * <p>Source: RFC 9381 section 5.5.
 */
public enum EcvrfSuite {
    /** Try and increment. Its time depends on the input, and only on it: for inputs that are public anyway. */
    TAI(0x03, "ECVRF-EDWARDS25519-SHA512-TAI"),

    /** Elligator 2, RFC 9380's {@code edwards25519_XMD:SHA-512_ELL2_NU_}: constant time in the input. */
    ELL2(0x04, "ECVRF-EDWARDS25519-SHA512-ELL2");

    /** Length of a seed, which is the RFC's secret key {@code SK}, in bytes. */
    public static final int SEED_LENGTH = 32;

    /** Length of a public key in bytes. */
    public static final int PUBLIC_KEY_LENGTH = 32;

    /** Length of {@code vrfGamma}, an encoded point, in bytes. */
    public static final int GAMMA_LENGTH = 32;

    /** Length of the challenge {@code c} in bytes. */
    public static final int C_LENGTH = 16;

    /** Length of {@code s} in bytes. */
    public static final int S_LENGTH = 32;

    /** Length of a proof in bytes: {@code vrfGamma | c | s}. */
    public static final int PI_LENGTH = GAMMA_LENGTH + C_LENGTH + S_LENGTH;

    /** Length of {@code vrfOutput} in bytes. */
    public static final int OUTPUT_LENGTH = 64;

    private final byte suiteString;
    private final String label;

    EcvrfSuite(int suiteString, String label) {
        this.suiteString = (byte) suiteString;
        this.label = label;
    }

    /** The RFC's {@code suite_string}: one byte. */
    public byte suiteString() {
        return suiteString;
    }

    /** The RFC's name. */
    public String label() {
        return label;
    }

    /**
     * The suite with that {@link #label}.
     *
     * @param label one of the labels of the suites.
     */
    public static EcvrfSuite byLabel(String label) {
        for (EcvrfSuite suite : values()) {
            if (suite.label.equals(label)) {
                return suite;
            }
        }
        throw new IllegalArgumentException("unknown suite: suite=" + label);
    }
}
