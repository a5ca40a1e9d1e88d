package io.millrace.cli.demo;

/** What carries the demo's links. */
enum DemoLink {
    /** Datagrams. */
    UDP,
    /** Connections. */
    TCP
}
