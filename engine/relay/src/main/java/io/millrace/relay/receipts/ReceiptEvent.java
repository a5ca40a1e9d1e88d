package io.millrace.relay.receipts;

import io.millrace.receipt.Receipt;

/** A slot of the receipts' ring: the content of a {@link Receipt}. Written by the publisher, read by the receipts thread. */
final class ReceiptEvent {
    PacketRun run; // null: the digest is known
    long periodNs;
    int operation;
    int result;
    long actorHigh;
    long actorLow;
    long offeredNs;
    long digest0;
    long digest1;
    long digest2;
    long digest3;
}
