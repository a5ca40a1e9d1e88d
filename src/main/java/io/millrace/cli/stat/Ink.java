package io.millrace.cli.stat;

/** Colours for a terminal, or none. */
enum Ink {
    /** Text as it is. */
    PLAIN {
        @Override
        String paint(String code, String text) {
            return text;
        }
    },
    /** Escape sequences around the text (ECMA-48 SGR). */
    COLOUR {
        @Override
        String paint(String code, String text) {
            return "\u001b[" + code + "m" + text + "\u001b[0m";
        }
    };

    abstract String paint(String code, String text);

    /** A heading. */
    String bold(String text) {
        return paint("1", text);
    }

    /** Something that matters less. */
    String dim(String text) {
        return paint("2", text);
    }

    /** As it should be. */
    String good(String text) {
        return paint("32", text);
    }

    /** Worth a look. */
    String warning(String text) {
        return paint("33", text);
    }

    /** Not as it should be. */
    String bad(String text) {
        return paint("31;1", text);
    }

    /** By a share of a capacity, 0 to 1 and more. */
    String level(double share, String text) {
        if (share < 0.7) {
            return good(text);
        }
        return share < 0.9 ? warning(text) : bad(text);
    }
}
