package io.millrace.cli.console;

import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.text.Shown;

/**
 * JSON that is safe to print: characters that {@link Shown} escapes appear as escapes of JSON, so that a program reads the
 * text as it is and a terminal does not obey it.
 */
final class ShownJson extends CharacterEscapes {
    private static final long serialVersionUID = 1L;
    private static final int DELETE = 0x7F;

    private ShownJson() {}

    /** Makes a mapper that writes so. */
    static JsonMapper mapper() {
        return JsonMapper.builder(new JsonFactoryBuilder()
                        .characterEscapes(new ShownJson())
                        .build())
                .build();
    }

    @Override
    public int[] getEscapeCodesForAscii() {
        final int[] codes = standardAsciiEscapesForJSON();
        codes[DELETE] = ESCAPE_STANDARD;
        return codes;
    }

    // Halves of surrogate pairs come one by one, and are escaped all.
    @Override
    public SerializableString getEscapeSequence(int character) {
        return Shown.mustBeEscaped(character) ? new SerializedString(String.format("\\u%04x", character)) : null;
    }
}
