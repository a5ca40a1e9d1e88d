package io.millrace.names;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Finds the addresses of a host name; may block for seconds. */
@FunctionalInterface
public interface NameLookup {
    /** The lookup of the system: the hosts file, then DNS, in the order of the JDK. */
    NameLookup SYSTEM = host -> List.of(InetAddress.getAllByName(host));

    /**
     * Looks a name up.
     *
     * @param host name, or address in numbers without brackets.
     * @return all its addresses in the order to try them; never empty.
     * @throws UnknownHostException if the name has no address now.
     */
    List<InetAddress> addresses(String host) throws UnknownHostException;
}
