package io.millrace.crdt;

import io.millrace.crdt.op.OperationLog;
import io.millrace.store.LogView;
import io.millrace.store.StoreException;
import java.io.IOException;

/** The operations of a document as far as they were whole when it was opened, for readers while another process writes. */
final class OperationView implements OperationLog {
    private final LogView view;
    private final Positions positions = new Positions();

    /**
     * Takes the view over.
     *
     * @throws StoreException if the log ends before its durable length.
     */
    OperationView(LogView view) throws IOException {
        this.view = view;
        final long durable = view.durable(); // first: the part that is durable now will be whole
        final long end = view.forEach((position, record) -> {
            positions.add(position);
            return true;
        });
        if (end < durable) {
            throw new StoreException("the log is damaged in its durable part; restore it from a copy: file="
                    + view.file() + ", damagedAt=" + end + ", durable=" + durable);
        }
    }

    @Override
    public int size() {
        return positions.size();
    }

    @Override
    public byte[] read(int index) throws IOException {
        return view.read(positions.get(index));
    }

    @Override
    public void append(byte[] record) {
        throw new IllegalStateException("opened for reading: " + view.file());
    }

    @Override
    public void force() {
        throw new IllegalStateException("opened for reading: " + view.file());
    }

    @Override
    public void close() throws IOException {
        view.close();
    }
}
