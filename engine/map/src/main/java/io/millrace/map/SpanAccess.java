package io.millrace.map;

import net.openhft.chronicle.bytes.PointerBytesStore;
import net.openhft.chronicle.bytes.RandomDataInput;
import net.openhft.chronicle.hash.AbstractData;
import net.openhft.chronicle.hash.Data;
import net.openhft.chronicle.hash.serialization.DataAccess;
import net.openhft.chronicle.wire.WireIn;
import net.openhft.chronicle.wire.WireOut;

/**
 * Shows the library a {@link Span} where it lies, so that it hashes and compares it there and copies it once.
 *
 * <p>Its class name is in every file: renaming it is a new version of the format.
 */
final class SpanAccess extends AbstractData<Span> implements DataAccess<Span> {
    private transient PointerBytesStore bytes = new PointerBytesStore();
    private transient Span span;

    @Override
    public Data<Span> getData(Span instance) {
        span = instance;
        bytes.set(instance.address, instance.length);
        return this;
    }

    @Override
    public void uninit() {
        span = null;
    }

    @Override
    public DataAccess<Span> copy() {
        return new SpanAccess();
    }

    @Override
    public RandomDataInput bytes() {
        return bytes;
    }

    @Override
    public long offset() {
        return bytes.start();
    }

    @Override
    public long size() {
        return span.length;
    }

    @Override
    public Span get() {
        return span;
    }

    @Override
    public Span getUsing(Span using) {
        return span;
    }

    @Override
    public void writeMarshallable(WireOut wire) {
        // no state
    }

    @Override
    public void readMarshallable(WireIn wire) {
        bytes = new PointerBytesStore();
    }
}
