package io.millrace.cli.client;

import io.millrace.cli.console.UsageError;
import io.millrace.client.AddressBook.Route;
import java.nio.file.Path;
import java.util.function.Supplier;

/** Routes by the names that a person gave. */
final class Routes {
    private Routes() {}

    /**
     * Makes a route.
     *
     * @param config the client's file, for the message.
     * @param route of its address book.
     * @throws UsageError if a name is not in the file, or the route does not begin with a neighbour.
     */
    static Route named(Path config, Supplier<Route> route) {
        try {
            return route.get();
        } catch (IllegalArgumentException e) {
            throw new UsageError(config + ": " + e.getMessage(), e);
        }
    }
}
