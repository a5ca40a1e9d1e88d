package io.millrace.rig.attack;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;

/** Addresses that the attackers come from; each in turn. */
enum AttackSource {
    /** One IPv4 address. */
    ADDRESS,

    /** The addresses of an IPv4 /24. */
    NETWORK_24,

    /** One address of each /56 of an IPv6 /48. */
    NETWORK_48;

    private static final int HOSTS = 254;
    private static final int NETWORKS = 256;

    /** The server's address, of the same family. */
    InetAddress server() {
        return number(
                this == NETWORK_48
                        ? new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}
                        : new byte[] {127, 0, 0, 1});
    }

    /** Address of the {@code index}-th connection, from 0. */
    InetAddress of(int index) {
        return switch (this) {
            case ADDRESS -> number(new byte[] {127, 9, 9, 9});
            case NETWORK_24 -> number(new byte[] {127, 9, 9, (byte) (1 + index % HOSTS)});
            case NETWORK_48 ->
                number(new byte[] {
                    0x20, 1, 0x0d, (byte) 0xb8, 0, 7, (byte) (index % NETWORKS), 0, 0, 0, 0, 0, 0, 0, 0, 1
                });
        };
    }

    /** Whether this machine lets a socket have these addresses. */
    boolean isAvailable() {
        try (ServerSocket first = new ServerSocket(0, 1, of(0));
                ServerSocket last = new ServerSocket(0, 1, of(NETWORKS - 1))) {
            return first.isBound() && last.isBound();
        } catch (IOException e) {
            return false; // the system says that it is none of its addresses
        }
    }

    private static InetAddress number(byte[] address) {
        try {
            return InetAddress.getByAddress(address);
        } catch (UnknownHostException e) {
            throw new AssertionError("4 or 16 bytes are an address", e);
        }
    }
}
