package io.millrace.text;

/**
 * Text of others - names of files, peers and actors, values of documents - made safe to print. Characters that turn, hide
 * or overwrite the text around them appear as a backslash, {@code u} and four hexadecimal digits; all others stay.
 *
 * <p>Escaped are control characters, line and paragraph separators, format characters (Unicode category Cf: changes of
 * direction, zero-width joiners, byte order mark, tags), Hangul fillers, unassigned and private characters, and halves of
 * surrogate pairs.
 *
 * <p>Source: Unicode Technical Report 36, sections 2.5 and 3.
 */
public final class Shown {
    private static final String HANGUL_FILLERS = "\u115f\u1160\u3164\uffa0";

    private Shown() {}

    /**
     * One line of text that is safe to print.
     *
     * @param text of any origin.
     * @return the same text with an escape for each character that must not be printed; digits of characters above U+FFFF are
     *     in braces.
     */
    public static String of(String text) {
        return escape(text, false);
    }

    /**
     * Several lines of text that are safe to print.
     *
     * @param text of any origin; its line feeds are meant.
     * @return as {@link #of}, with line feeds.
     */
    public static String lines(String text) {
        return escape(text, true);
    }

    /**
     * Whether a text has no character that {@link #of} escapes.
     *
     * @param text of any origin.
     * @return false if a character of it must not be printed.
     */
    public static boolean isPlain(String text) {
        return text.codePoints().noneMatch(Shown::mustBeEscaped);
    }

    /**
     * Whether {@link #of} escapes a character.
     *
     * @param character code point.
     * @return whether it must not be printed as it is.
     */
    public static boolean mustBeEscaped(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> true;
            default -> HANGUL_FILLERS.indexOf(character) >= 0;
        };
    }

    private static String escape(String text, boolean lines) {
        final StringBuilder shown = new StringBuilder(text.length());
        text.codePoints().forEach(each -> {
            if (!mustBeEscaped(each) || (lines && each == '\n')) {
                shown.appendCodePoint(each);
            } else {
                shown.append(
                        Character.isBmpCodePoint(each)
                                ? String.format("\\u%04x", each)
                                : String.format("\\u{%x}", each));
            }
        });
        return shown.toString();
    }
}
