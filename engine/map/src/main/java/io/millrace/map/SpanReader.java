package io.millrace.map;

import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.core.OS;
import net.openhft.chronicle.hash.serialization.SizedReader;
import net.openhft.chronicle.wire.WireIn;
import net.openhft.chronicle.wire.WireOut;

/**
 * Copies an entry out of the map to where the {@link Span} points; nothing if it does not fit there.
 *
 * <p>Its class name is in every file: renaming it is a new version of the format.
 */
final class SpanReader implements SizedReader<Span> {
    @Override
    @SuppressWarnings("rawtypes") // as the interface has it
    public Span read(Bytes in, long size, Span using) {
        final Span span = using == null ? new Span() : using;
        span.length = Math.toIntExact(size);
        if (span.length <= span.capacity) {
            OS.memory().copyMemory(in.addressForRead(in.readPosition()), span.address, size);
        }
        in.readSkip(size);
        return span;
    }

    @Override
    public void writeMarshallable(WireOut wire) {
        // no state
    }

    @Override
    public void readMarshallable(WireIn wire) {
        // no state
    }
}
