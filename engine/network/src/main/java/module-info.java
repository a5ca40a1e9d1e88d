/** Documents and messages of the parties of a network: descriptors, names, clients and files. */
module io.millrace.network {
    requires transitive io.millrace.engine;
    requires java.net.http;
    requires jdk.httpserver;

    exports io.millrace.client;
    exports io.millrace.directory;
    exports io.millrace.http;
    exports io.millrace.names;
    exports io.millrace.text;
    exports io.millrace.transfer;
}
