package dev.sluice.common.config;

/**
 * Holds what a program hands over to what a line of the file can say, because it becomes one in
 * the effective text: a value with a line break would be two lines there, and what follows a
 * {@code #} a comment. Owner: the loading thread.
 */
final class WrittenLines {

    private WrittenLines() {
    }

    /** @return the section with those of its entries that a file could have */
    static IniSection check(IniSection section, Problems problems) {
        IniSection checked = new IniSection(section.header(), section.at());
        String wrong = wrong(section.header());
        if (wrong != null) {
            problems.error(section.at(), "[" + printable(section.header()) + "]: " + wrong);
        }
        for (IniEntry entry : section.entries()) {
            String value = entry.value() == null ? "" : entry.value().strip();
            problems.opened(entry.at().file());
            wrong = wrong(value);
            if (wrong == null) {
                checked.entries().add(new IniEntry(entry.key(), value, entry.at()));
            } else {
                problems.error(entry.at(), "\"" + printable(entry.key()) + "\": " + wrong,
                        "put quotes around the word; a control character cannot be written");
            }
        }
        return checked;
    }

    private static String wrong(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' && c != '\t' || c == 0x7F) {
                return "control character " + (int) c + " in the value";
            }
        }
        // Behind "k = " as it would stand in the file.
        int comment = Words.commentStart("k =" + text);
        if (comment < 0) {
            return "unterminated quote in \"" + text + "\"";
        }
        return comment < text.length() + 3
                ? "a comment begins within \"" + text + "\"" : null;
    }

    private static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }
}
