package io.millrace.sphinx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Profile {@code mr1}: one secret, with ladder after ladder for the blinding. */
final class PlainMr1 extends PlainSphinx {
    PlainMr1() {
        super("mr1", 48, 0, 48);
    }

    @Override
    int secretsLength(int pathLength) {
        return 32;
    }

    @Override
    List<Keyed> derive(byte[] x, List<Hop> hops) {
        final List<Keyed> keyed = new ArrayList<>();
        for (Hop hop : hops) {
            byte[] alpha = x25519(x, basePoint());
            byte[] secret = x25519(x, hop.publicKey());
            for (Keyed earlier : keyed) {
                alpha = x25519(earlier.keys().headerRest(), alpha);
                secret = x25519(earlier.keys().headerRest(), secret);
            }
            keyed.add(new Keyed(alpha, keys(secret, alpha, hop.publicKey()), hop.command()));
        }
        return keyed;
    }

    @Override
    byte[] nextAlpha(byte[] alpha) {
        return new byte[0];
    }

    @Override
    byte[] headerStream(Keys keys) {
        return stream(keys.header(), 1024);
    }

    @Override
    byte[] nextHeader(Keys keys, byte[] alpha, byte[] plain) {
        return concat(x25519(keys.headerRest(), alpha), Arrays.copyOfRange(plain, 32, 1024));
    }
}
