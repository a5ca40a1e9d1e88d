package io.millrace.cli.htx;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * The first bytes of every stream: the request of its opener.
 *
 * <pre>
 *  offset  length  field
 *       0       1  kind     0 pipe, 1 file, 2 forward
 *       1       2  length   of the target in bytes, big endian; 0 without one
 *       3       n  target   host:port of a forward, modified UTF-8
 * </pre>
 *
 * <p>The other end answers with one byte: 0 if it does so, 1 if not.
 */
record StreamPurpose(Kind kind, String target) {
    /** Purpose of a stream. */
    enum Kind {
        /** Standard input and output of the two ends. */
        PIPE(0),

        /** A file from the opener; the other end answers with its SHA-256, 32 bytes. */
        FILE(1),

        /** A TCP connection that the other end is to make. */
        FORWARD(2);

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        private static Kind of(int code) throws IOException {
            for (Kind kind : values()) {
                if (kind.code == code) {
                    return kind;
                }
            }
            throw new IOException("the other end wants something unknown: kind=" + code);
        }
    }

    private static final int ACCEPTED = 0;
    private static final int REFUSED = 1;

    static final StreamPurpose PIPE = new StreamPurpose(Kind.PIPE, "");
    static final StreamPurpose FILE = new StreamPurpose(Kind.FILE, "");

    static StreamPurpose forward(String target) {
        return new StreamPurpose(Kind.FORWARD, target);
    }

    void write(OutputStream out) throws IOException {
        final java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
        final DataOutputStream data = new DataOutputStream(bytes);
        data.writeByte(kind.code);
        data.writeUTF(target);
        out.write(bytes.toByteArray());
    }

    static StreamPurpose read(InputStream in) throws IOException {
        final DataInputStream data = new DataInputStream(in);
        return new StreamPurpose(Kind.of(data.readUnsignedByte()), data.readUTF());
    }

    static void answer(OutputStream out, boolean accepted) throws IOException {
        out.write(accepted ? ACCEPTED : REFUSED);
    }

    /** Whether the other end accepts the request. */
    static boolean isAccepted(InputStream in) throws IOException {
        return in.read() == ACCEPTED;
    }
}
