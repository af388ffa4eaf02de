package dev.sluice.common.config;

import java.util.ArrayList;
import java.util.List;

/**
 * The only reader of quotes. A {@code "} opens a quoted piece anywhere; a {@code '} only where a
 * word, or the value of a {@code name=}, begins, because an apostrophe inside a word is common. No
 * character inside quotes is special, the backslash neither: regular expressions need it.
 */
final class Words {

    private Words() {
    }

    /** Where the comment of a line begins, its length without one, -1 with an open quote. */
    static int commentStart(String line) {
        int length = line.length();
        int i = 0;
        boolean afterSpace = true;
        boolean afterQuote = false;
        while (i < length) {
            char c = line.charAt(i);
            if (c > ';') {
                // Most characters are, and none of them means anything here.
                afterQuote = false;
                afterSpace = false;
                i++;
                continue;
            }
            if (afterSpace && (c == '#' || c == ';')) {
                return i;
            }
            if (opensQuote(line, i, afterQuote)) {
                i = line.indexOf(c, i + 1);
                if (i < 0) {
                    return -1;
                }
                afterQuote = true;
                afterSpace = false;
            } else {
                afterQuote = false;
                afterSpace = isSpace(c);
            }
            i++;
        }
        return length;
    }

    /** The words of a value, quotes removed. */
    static List<String> split(String text) throws BadValue {
        List<String> words = new ArrayList<>();
        if (text.indexOf('"') < 0 && text.indexOf('\'') < 0) {
            splitPlain(text, words);
            return words;
        }
        StringBuilder word = new StringBuilder();
        boolean inWord = false;
        boolean afterQuote = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (opensQuote(text, i, afterQuote)) {
                int close = text.indexOf(c, i + 1);
                if (close < 0) {
                    throw new BadValue("unterminated quote " + c);
                }
                word.append(text, i + 1, close);
                i = close;
                inWord = true;
                afterQuote = true;
                continue;
            }
            afterQuote = false;
            if (!isSpace(c)) {
                word.append(c);
                inWord = true;
            } else if (inWord) {
                words.add(word.toString());
                word.setLength(0);
                inWord = false;
            }
        }
        if (inWord) {
            words.add(word.toString());
        }
        return words;
    }

    /** What nearly every value is: no quotes in it. */
    private static void splitPlain(String text, List<String> words) {
        int length = text.length();
        int from = 0;
        while (from < length) {
            int end = from;
            while (end < length && !isSpace(text.charAt(end))) {
                end++;
            }
            if (end > from) {
                words.add(text.substring(from, end));
            }
            from = end + 1;
        }
    }

    /** The text without its quotes when it is one quoted piece, else the text as it is. */
    static String unquoteWhole(String text) {
        if (text.length() < 2) {
            return text;
        }
        char quote = text.charAt(0);
        boolean quoted = quote == '"' || quote == '\'';
        boolean whole = quoted && text.indexOf(quote, 1) == text.length() - 1;
        return whole ? text.substring(1, text.length() - 1) : text;
    }

    /** The word in a form that {@link #split} gives back unchanged. */
    static String quote(String word) {
        boolean plain = !word.isEmpty();
        for (int i = 0; i < word.length() && plain; i++) {
            char c = word.charAt(i);
            plain = !isSpace(c) && c != '"' && c != '\'' && c != '#' && c != ';';
        }
        if (plain) {
            return word;
        }
        if (word.indexOf('"') < 0) {
            return '"' + word + '"';
        }
        if (word.indexOf('\'') < 0) {
            return "'" + word + "'";
        }
        // Both kinds occur: double-quoted pieces, with each " in a single-quoted piece between.
        return '"' + word.replace("\"", "\"'\"'\"") + '"';
    }

    static boolean isSpace(char c) {
        return c == ' ' || c == '\t';
    }

    private static boolean opensQuote(String text, int i, boolean afterQuote) {
        char c = text.charAt(i);
        if (c == '"') {
            return true;
        }
        if (c != '\'') {
            return false;
        }
        char before = i == 0 ? ' ' : text.charAt(i - 1);
        return isSpace(before) || before == '=' || afterQuote;
    }
}
