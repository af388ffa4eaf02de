package dev.sluice.common.config;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * The lines of a file, each without its comment and the white space around it: a section header, a
 * key with or without a value, or nothing. A line that is none of these is reported and handed
 * over empty, so that one run finds every error. Owner: the loading thread.
 */
final class IniLines {

    private static final String BLOCKS = "blocks are sections here: [server www], [location www"
            + " /]; sluice convert makes them of a file of nginx";

    private final byte[] content;
    private final String file;
    private final Problems problems;
    private int next;
    private int line;
    /** Whether the line that was read last has control characters, maybe only in its comment. */
    private boolean controls;

    IniLines(byte[] content, String file, Problems problems) {
        this.content = content;
        this.file = file;
        this.problems = problems;
    }

    /** The number of the line that was handed over last, from 1. */
    int line() {
        return line;
    }

    /** The next line; null at the end. */
    String next() {
        return next < content.length ? cleaned(nextLine()) : null;
    }

    private String nextLine() {
        int from = next;
        int end = from;
        int seen = 0;
        controls = false;
        while (end < content.length && content[end] != '\n') {
            int c = content[end++];
            seen |= c;
            controls |= c < ' ' && c >= 0 && c != '\t' || c == 0x7F;
        }
        next = end + 1;
        line++;
        if (end > from && content[end - 1] == '\r') {
            end--;
        }
        boolean ascii = seen >= 0;
        if (ascii) {
            return new String(content, from, end - from, StandardCharsets.ISO_8859_1);
        }
        try {
            String text = StandardCharsets.UTF_8.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(content, from, end - from)).toString();
            boolean marked = line == 1 && text.startsWith("\uFEFF");
            return marked ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            return refused("this line is not UTF-8", null);
        }
    }

    private String cleaned(String text) {
        int end = Words.commentStart(text);
        if (end < 0) {
            return refused("unterminated quote",
                    "close it on the same line; inside \"...\" a ' is plain, inside '...' a \"");
        }
        String kept = text.substring(0, end).strip();
        for (int i = 0; controls && i < kept.length(); i++) {
            if (kept.charAt(i) < ' ' && kept.charAt(i) != '\t' || kept.charAt(i) == 0x7F) {
                return refused("control character " + (int) kept.charAt(i), null);
            }
        }
        if (kept.isEmpty()) {
            return kept;
        }
        if (kept.charAt(0) == '[') {
            return header(kept);
        }
        int equals = kept.indexOf('=');
        String key = (equals < 0 ? kept : kept.substring(0, equals)).strip();
        if (key.isEmpty() || key.equals("}")) {
            return refused("expected \"key = value\", found \"" + kept + "\"",
                    key.isEmpty() ? null : BLOCKS);
        }
        if (key.indexOf(':') >= 0 || hasSpace(key)) {
            String help = key.endsWith("{") ? BLOCKS
                    : "write \"" + key.split("[\\s:]", 2)[0] + " = ...\"";
            return refused("expected \"key = value\", found \"" + kept + "\"", help);
        }
        return kept;
    }

    /** One that is not whole begins its section nevertheless: its keys are no errors. */
    private String header(String kept) {
        int close = kept.lastIndexOf(']');
        String name = kept.substring(1, close < 0 ? kept.length() : close).strip();
        if (close == kept.length() - 1 && !name.isEmpty()) {
            return kept;
        }
        refused("expected \"[section]\", found \"" + kept + "\"", close < 0
                ? "close it with ]" : name.isEmpty() ? null : "nothing follows the ]");
        return name.isEmpty() ? "" : "[" + name + "]";
    }

    private static boolean hasSpace(String key) {
        for (int i = 0; i < key.length(); i++) {
            if (Character.isWhitespace(key.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    private String refused(String message, String help) {
        problems.error(new SourceLine(file, line), message, help);
        return "";
    }
}
