package io.millrace.crdt;

import io.millrace.crdt.op.OperationLog;
import io.millrace.store.LogView;
import java.io.IOException;

/** The operations of a document as far as they were whole when it was opened, for readers while another process writes. */
final class OperationView implements OperationLog {
    private final LogView view;
    private final Positions positions = new Positions();

    /**
     * Takes the view over.
     *
     * @throws io.millrace.store.StoreException if the log ends before its durable length.
     */
    OperationView(LogView view) throws IOException {
        this.view = view;
        view.forEach((position, record) -> {
            positions.add(position);
            return true;
        });
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
