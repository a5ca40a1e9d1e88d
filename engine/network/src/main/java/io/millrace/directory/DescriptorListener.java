package io.millrace.directory;

/** Receives new descriptors and complaints about them, on threads of the {@link DescriptorWatch}, one call at a time. */
public interface DescriptorListener {
    /**
     * A descriptor came that differs from the one before.
     *
     * @param index of the party.
     * @param descriptor verified.
     */
    void onDescriptor(int index, RelayDescriptor descriptor);

    /**
     * Something changed for the worse or the better; said once.
     *
     * @param message one line for people.
     */
    void onMessage(String message);
}
