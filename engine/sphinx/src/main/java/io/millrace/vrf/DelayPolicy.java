package io.millrace.vrf;

/** Who draws a packet's delay, and who can check it afterwards. */
public enum DelayPolicy {
    /** The sender draws it and writes it into the routing command; the relay only bounds it. */
    SENDER("sender"),

    /**
     * The relay: one VRF output per epoch keys a PRF over the packet's delay tag. Unpredictable before the epoch is
     * opened, verifiable after; a few hundred nanoseconds a packet. The default.
     */
    EPOCH_VRF("epoch-vrf"),

    /** The relay: one VRF output per packet over its delay tag, proved on demand. Costs a scalar multiplication. */
    PACKET_VRF("packet-vrf");

    private final String label;

    DelayPolicy(String label) {
        this.label = label;
    }

    /** The name in configuration and on the command line: {@code sender}, {@code epoch-vrf}, {@code packet-vrf}. */
    public String label() {
        return label;
    }

    /**
     * The policy with that {@link #label}.
     *
     * @param label such as {@code epoch-vrf}.
     */
    public static DelayPolicy byLabel(String label) {
        for (DelayPolicy policy : values()) {
            if (policy.label.equals(label)) {
                return policy;
            }
        }
        throw new IllegalArgumentException("policy must be sender, epoch-vrf or packet-vrf: policy=" + label);
    }
}
