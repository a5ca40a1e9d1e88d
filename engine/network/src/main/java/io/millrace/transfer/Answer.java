package io.millrace.transfer;

/**
 * A receiver's message and where it goes.
 *
 * @param to the sender's return route.
 * @param message one that receivers send.
 */
public record Answer(ReturnRoute to, TransferMessage message) {}
