package io.millrace.text;

import java.io.IOException;

/** The bytes of a file are not text in UTF-8. The message names the file and quotes nothing of it. */
public final class NotUtf8Exception extends IOException {
    private static final long serialVersionUID = 1L;

    NotUtf8Exception(String message, Throwable cause) {
        super(message, cause);
    }
}
