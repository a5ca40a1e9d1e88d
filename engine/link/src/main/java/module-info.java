/** Noise, the links between relays, HTX sessions, and the endpoint that holds many of them. */
module io.millrace.link {
    requires transitive io.millrace.core;
    requires jdk.jfr;

    exports io.millrace.endpoint;
    exports io.millrace.htx;
    exports io.millrace.htx.admission;
    exports io.millrace.noise;
}
