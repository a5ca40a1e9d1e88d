package io.millrace.sphinx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Profile {@code mr2}: one secret per hop, the next alpha inside beta. */
final class PlainMr2 extends PlainSphinx {
    PlainMr2() {
        super("mr2", 80, 3, 32);
    }

    @Override
    int secretsLength(int pathLength) {
        return 32 * pathLength;
    }

    @Override
    List<Keyed> derive(byte[] secrets, List<Hop> hops) {
        final List<Keyed> keyed = new ArrayList<>();
        for (int i = 0; i < hops.size(); i++) {
            final byte[] ephemeral = Arrays.copyOfRange(secrets, 32 * i, 32 * (i + 1));
            final byte[] publicKey = hops.get(i).publicKey();
            final byte[] alpha = x25519(ephemeral, basePoint());
            keyed.add(new Keyed(
                    alpha,
                    keys(x25519(ephemeral, publicKey), alpha, publicKey),
                    hops.get(i).command()));
        }
        return keyed;
    }

    @Override
    byte[] nextAlpha(byte[] alpha) {
        return alpha;
    }

    @Override
    byte[] headerStream(Keys keys) {
        return concat(stream(keys.header(), 1024), keys.headerRest());
    }

    @Override
    byte[] nextHeader(Keys keys, byte[] alpha, byte[] plain) {
        return Arrays.copyOfRange(plain, 32, 1056);
    }
}
