package io.millrace.node.config;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Says why a text is not valid TOML, and where. Never quotes the text: it may hold a secret. */
final class TomlFault {
    private static final String DUPLICATE = "Duplicate key";
    private static final String OTHER = "a value is malformed";

    /** By the beginning of the parser's message. */
    private static final Map<String, String> REASONS = new LinkedHashMap<>();

    static {
        REASONS.put("Premature end of file", "the file ends before a value or its closing quotes or bracket");
        REASONS.put("Unknown token", "no key, table or value begins here; a text needs quotes: name = \"r1\"");
        REASONS.put("Newline not permitted", "the line ends before the closing quotes or bracket");
        REASONS.put(DUPLICATE, "the table has this key twice");
        REASONS.put("Table redefined", "the file has this table twice");
        REASONS.put("Path into existing", "the file has this name already, with another kind of value");
        REASONS.put(
                "Unknown escape", "unknown character after a backslash; a text in single quotes may have backslashes");
        REASONS.put("Zero-prefixed", "a number must not begin with 0");
        REASONS.put(
                "More data after value", "text after the end of the value; a text needs quotes, a key its own line");
        REASONS.put("Illegal control character", "a control character; write it as \\u0001");
        REASONS.put("Trailing comma", "a comma before the closing bracket");
        REASONS.put("Unexpected token", "a key, an equals sign, a value or a bracket is missing");
    }

    private TomlFault() {}

    /**
     * {@code :3: not valid TOML, column 8: a number must not begin with 0}, to follow the file's name.
     *
     * @param fault as the parser threw it.
     * @param text that it read.
     */
    static String of(JsonProcessingException fault, String text) {
        final String message = fault.getOriginalMessage();
        final String reason = REASONS.entrySet().stream()
                .filter(each -> message.startsWith(each.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(OTHER);
        final JsonLocation at = fault.getLocation();
        if (at == null) {
            return ": not valid TOML: " + reason;
        }
        return message.startsWith(DUPLICATE)
                ? ":" + lastLineBefore(text, at) + ": not valid TOML: " + reason
                : ":" + at.getLineNr() + ": not valid TOML, column " + at.getColumnNr() + ": " + reason;
    }

    /** The parser sees that a key is there twice at the token after its value: often lines later. */
    private static int lastLineBefore(String text, JsonLocation at) {
        final String[] lines = text.split("\n", -1);
        int line = Math.clamp(at.getLineNr(), 1, lines.length);
        String before = lines[line - 1].substring(0, Math.clamp(at.getColumnNr() - 1L, 0, lines[line - 1].length()));
        while (line > 1 && (before.isBlank() || before.strip().startsWith("#"))) {
            line--;
            before = lines[line - 1];
        }
        return line;
    }
}
