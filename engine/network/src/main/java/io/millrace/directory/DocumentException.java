package io.millrace.directory;

/** A document is malformed, has a wrong signature, or contradicts another document of the same relay. */
public final class DocumentException extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception.
     *
     * @param message names the document, the field and the rule that it breaks.
     */
    public DocumentException(String message) {
        super(message);
    }

    /**
     * Makes the exception.
     *
     * @param message names the document, the field and the rule that it breaks.
     * @param cause may be null.
     */
    public DocumentException(String message, Throwable cause) {
        super(message, cause);
    }
}
