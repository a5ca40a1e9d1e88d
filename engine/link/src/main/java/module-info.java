/** Noise, the links between relays, HTX sessions, and the endpoint that holds many of them. */
module io.millrace.link {
    requires transitive io.millrace.core;
    requires jdk.jfr;

    exports io.millrace.frame;
    exports io.millrace.htx.admission;
    exports io.millrace.htx.endpoint;
    exports io.millrace.htx.handshake;
    exports io.millrace.htx.session;
    exports io.millrace.link;
    exports io.millrace.noise;
}
