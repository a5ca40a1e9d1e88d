package io.millrace.test;

import java.io.Serial;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyPairGeneratorSpi;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Security;
import java.security.spec.AlgorithmParameterSpec;
import java.util.ArrayList;
import java.util.List;
import javax.crypto.DecapsulateException;
import javax.crypto.KEM;
import javax.crypto.KEMSpi;
import javax.crypto.SecretKey;
import javax.security.auth.DestroyFailedException;

/**
 * The JDK's ML-KEM-768 with a list of everything secret that it hands out: each key pair's secret half, and each array with
 * a shared secret. While one is open, it precedes the JDK's provider for the whole process. Its lists grow in tests of
 * one thread.
 */
public final class WatchedKem implements AutoCloseable {
    private static final String NAME = "ML-KEM-768";
    private static final String JDK = "SunJCE";

    /** The open one; the JDK makes the services by reflection. */
    private static WatchedKem current;

    private final Provider provider = new Watcher();
    private final List<WatchedPrivateKey> privateKeys = new ArrayList<>();
    private final List<byte[]> handedOut = new ArrayList<>();
    private final List<byte[]> secrets = new ArrayList<>();

    public WatchedKem() {
        Security.insertProviderAt(provider, 1);
        current = this;
    }

    /** Secret halves that were drawn so far. */
    public int privateKeys() {
        return privateKeys.size();
    }

    /** Those of them that were not destroyed. */
    public long privateKeysLeft() {
        return privateKeys.stream().filter(key -> !key.isDestroyed()).count();
    }

    /** Arrays with a shared secret that were handed out so far. */
    public int secrets() {
        return handedOut.size();
    }

    /** Those of them that hold a byte other than 0. */
    public long secretsLeft() {
        return handedOut.stream().filter(WatchedKem::hasContent).count();
    }

    /** The shared secret that was handed out last, as it was then. */
    public byte[] lastSecret() {
        return secrets.getLast().clone();
    }

    private static boolean hasContent(byte[] bytes) {
        for (byte each : bytes) {
            if (each != 0) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() {
        Security.removeProvider(provider.getName());
        current = null;
    }

    private static final class Watcher extends Provider {
        @Serial
        private static final long serialVersionUID = 1;

        Watcher() {
            super("WatchedKem", "1", "ML-KEM of the JDK, watched by a test");
            put("KeyPairGenerator." + NAME, Generator.class.getName());
            put("KEM." + NAME, Kem.class.getName());
        }
    }

    /** Made by the JDK. */
    public static final class Generator extends KeyPairGeneratorSpi {
        private final KeyPairGenerator generator;

        public Generator() throws GeneralSecurityException {
            generator = KeyPairGenerator.getInstance(NAME, JDK);
        }

        @Override
        public void initialize(int keysize, SecureRandom random) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void initialize(AlgorithmParameterSpec parameters, SecureRandom random)
                throws InvalidAlgorithmParameterException {
            generator.initialize(parameters, random);
        }

        @Override
        public KeyPair generateKeyPair() {
            final KeyPair pair = generator.generateKeyPair();
            final WatchedPrivateKey secret = new WatchedPrivateKey(pair.getPrivate());
            current.privateKeys.add(secret);
            return new KeyPair(pair.getPublic(), secret);
        }
    }

    /** Made by the JDK. */
    public static final class Kem implements KEMSpi {
        private final KEM kem;

        public Kem() throws NoSuchAlgorithmException, GeneralSecurityException {
            kem = KEM.getInstance(NAME, JDK);
        }

        @Override
        public EncapsulatorSpi engineNewEncapsulator(
                PublicKey key, AlgorithmParameterSpec parameters, SecureRandom random)
                throws InvalidAlgorithmParameterException, InvalidKeyException {
            final KEM.Encapsulator encapsulator = kem.newEncapsulator(key, parameters, random);
            return new EncapsulatorSpi() {
                @Override
                public KEM.Encapsulated engineEncapsulate(int from, int to, String algorithm) {
                    final KEM.Encapsulated result = encapsulator.encapsulate(from, to, algorithm);
                    return new KEM.Encapsulated(
                            new WatchedSecret(result.key()), result.encapsulation(), result.params());
                }

                @Override
                public int engineSecretSize() {
                    return encapsulator.secretSize();
                }

                @Override
                public int engineEncapsulationSize() {
                    return encapsulator.encapsulationSize();
                }
            };
        }

        @Override
        public DecapsulatorSpi engineNewDecapsulator(PrivateKey key, AlgorithmParameterSpec parameters)
                throws InvalidAlgorithmParameterException, InvalidKeyException {
            final KEM.Decapsulator decapsulator = kem.newDecapsulator(((WatchedPrivateKey) key).key, parameters);
            return new DecapsulatorSpi() {
                @Override
                public SecretKey engineDecapsulate(byte[] encapsulation, int from, int to, String algorithm)
                        throws DecapsulateException {
                    return new WatchedSecret(decapsulator.decapsulate(encapsulation, from, to, algorithm));
                }

                @Override
                public int engineSecretSize() {
                    return decapsulator.secretSize();
                }

                @Override
                public int engineEncapsulationSize() {
                    return decapsulator.encapsulationSize();
                }
            };
        }
    }

    /** Destroyed if the JDK's key of it is. */
    private static final class WatchedPrivateKey implements PrivateKey {
        @Serial
        private static final long serialVersionUID = 1;

        private final PrivateKey key;

        WatchedPrivateKey(PrivateKey key) {
            this.key = key;
        }

        @Override
        public String getAlgorithm() {
            return key.getAlgorithm();
        }

        @Override
        public String getFormat() {
            return key.getFormat();
        }

        @Override
        public byte[] getEncoded() {
            throw new AssertionError("a copy of a secret key on the heap");
        }

        @Override
        public void destroy() throws DestroyFailedException {
            key.destroy();
        }

        @Override
        public boolean isDestroyed() {
            return key.isDestroyed();
        }
    }

    /** Each array that it hands out is listed. */
    private static final class WatchedSecret implements SecretKey {
        @Serial
        private static final long serialVersionUID = 1;

        private final transient SecretKey key;

        WatchedSecret(SecretKey key) {
            this.key = key;
        }

        @Override
        public String getAlgorithm() {
            return key.getAlgorithm();
        }

        @Override
        public String getFormat() {
            return key.getFormat();
        }

        @Override
        public byte[] getEncoded() {
            final byte[] copy = key.getEncoded();
            current.handedOut.add(copy);
            current.secrets.add(copy.clone());
            return copy;
        }
    }
}
