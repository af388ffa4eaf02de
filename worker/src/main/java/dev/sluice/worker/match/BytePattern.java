package dev.sluice.worker.match;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.sluice.worker.http.AsciiBytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * A regular expression over bytes, matched in time linear to their number (RE2/J). As in nginx it
 * sees bytes and not characters: {@code .} is one byte of a UTF-8 sequence.
 *
 * <p>A literal at the beginning of an anchored expression is compared first, so that most
 * expressions that do not match cost a few nanoseconds.
 *
 * <p>Owner: event loop.
 */
public final class BytePattern {

    private final Matcher matcher;
    private final Window window = new Window();
    private final byte[] prefix;
    private final boolean ignoreCase;
    /** Whether the literal is the whole expression, so that nothing else has to be matched. */
    private final boolean literalOnly;

    /** The bytes that are matched, as Latin-1 characters. Owner: event loop. */
    private static final class Window implements CharSequence {
        private ByteBuffer bytes;
        private int offset;
        private int length;

        @Override
        public int length() {
            return length;
        }

        @Override
        public char charAt(int index) {
            return (char) (bytes.get(offset + index) & 0xff);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text(start, end);
        }

        @Override
        public String toString() {
            return text(0, length);
        }

        String text(int start, int end) {
            byte[] copy = new byte[end - start];
            bytes.get(offset + start, copy);
            return new String(copy, StandardCharsets.ISO_8859_1);
        }
    }

    public BytePattern(String regex, boolean ignoreCase) {
        byte[] utf8 = regex.getBytes(StandardCharsets.UTF_8);
        String perByte = new String(utf8, StandardCharsets.ISO_8859_1);
        int flags = ignoreCase ? Pattern.CASE_INSENSITIVE : 0;
        this.matcher = Pattern.compile(perByte, flags).matcher(window);
        this.prefix = literalPrefix(perByte, ignoreCase);
        this.ignoreCase = ignoreCase;
        this.literalOnly = prefix.length > 0
                && perByte.replace("\\", "").length() == prefix.length + 1
                && !perByte.contains("\\\\");
    }

    /** What every match begins with; empty when that is not easily said. */
    static byte[] literalPrefix(String regex, boolean ignoreCase) {
        // An alternative or a flag could take the anchor or the literal away.
        if (!regex.startsWith("^") || regex.indexOf('|') >= 0 || regex.contains("(?")) {
            return new byte[0];
        }
        StringBuilder literal = new StringBuilder();
        int at = 1;
        while (at < regex.length()) {
            char c = regex.charAt(at);
            int next = at + 1;
            if (c == '\\' && next < regex.length() && isPunctuation(regex.charAt(next))) {
                c = regex.charAt(next++);
            } else if (!isPlain(c)) {
                break;
            }
            // A quantifier behind it may make it optional.
            if (next < regex.length() && "*?{".indexOf(regex.charAt(next)) >= 0) {
                break;
            }
            literal.append(ignoreCase ? (char) AsciiBytes.lower((byte) c) : c);
            at = next;
        }
        return literal.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static boolean isPunctuation(char c) {
        return c > 0x20 && c < 0x7f && !Character.isLetterOrDigit(c);
    }

    private static boolean isPlain(char c) {
        return c < 0x7f && Character.isLetterOrDigit(c) || "/-_~%,:;=@! ".indexOf(c) >= 0;
    }

    /** Whether the expression matches anywhere in the range; captures are of this match. */
    public boolean find(ByteBuffer b, int offset, int length) {
        if (!startsWithPrefix(b, offset, length)) {
            return false;
        }
        if (literalOnly) {
            return true;
        }
        window.bytes = b;
        window.offset = offset;
        window.length = length;
        matcher.reset();
        return matcher.find();
    }

    private boolean startsWithPrefix(ByteBuffer b, int offset, int length) {
        if (length < prefix.length) {
            return false;
        }
        for (int i = 0; i < prefix.length; i++) {
            byte c = b.get(offset + i);
            if ((ignoreCase ? AsciiBytes.lower(c) : c) != prefix[i]) {
                return false;
            }
        }
        return true;
    }

    public int groupCount() {
        return matcher.groupCount();
    }

    /** Numbers of the groups that have a name. */
    public Map<String, Integer> groupNames() {
        return matcher.pattern().namedGroups();
    }

    /** The groups of the last match as Latin-1 text, by number; null where one took no part. */
    public String[] captures() {
        String[] captures = new String[matcher.groupCount() + 1];
        for (int group = 0; group < captures.length; group++) {
            int start = matcher.start(group);
            captures[group] = start < 0 ? null : window.text(start, matcher.end(group));
        }
        return captures;
    }
}
