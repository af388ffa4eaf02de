package dev.sluice.worker.module;

import dev.sluice.module.HeadFields;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.http.AsciiBytes;
import dev.sluice.worker.http.HeaderName;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;

/**
 * The fields of a head that is being written: lines of a sink behind its first line; see {@link
 * HeadViews}.
 *
 * <p>Owner: event loop.
 */
final class HeadView implements HeadFields {

    /** Framing and the connection (RFC 9110 §7.6.1). */
    private static final Set<Integer> OURS = Set.of(HeaderName.CONTENT_LENGTH,
            HeaderName.CONNECTION, HeaderName.KEEP_ALIVE, HeaderName.TRANSFER_ENCODING,
            HeaderName.TE, HeaderName.TRAILER, HeaderName.UPGRADE, HeaderName.PROXY_CONNECTION,
            HeaderName.HTTP2_SETTINGS, HeaderName.EXPECT);
    /** RFC 9110 §5.6.2, besides letters and digits. */
    private static final String TOKEN = "!#$%&'*+-.^_`|~";

    private final Thread loop = Thread.currentThread();
    private final ByteBuffer before;
    private ByteSink head;
    private int from;
    private int lengthBefore;

    /** @param before where a head is kept while its hook is called; that of all views */
    HeadView(ByteBuffer before) {
        this.before = before;
    }

    void lend(ByteSink sink, int start) {
        head = sink;
        from = start;
        lengthBefore = sink.position() - start;
        before.put(0, sink.buffer(), start, lengthBefore);
    }

    /** Everything is as it was lent. */
    void restore() {
        head.position(from);
        head.put(before, 0, lengthBefore);
    }

    void takeBack() {
        head = null;
    }

    private ByteSink head() {
        if (head == null || Thread.currentThread() != loop) {
            throw new IllegalStateException("a head is used outside of the hook it was lent to");
        }
        return head;
    }

    @Override
    public String get(String name) {
        ByteSink sink = head();
        ByteBuffer b = sink.buffer();
        int end = sink.position();
        byte[] lower = lower(name);
        for (int at = next(b, from, end); at < end; at = next(b, at, end)) {
            if (is(b, at, end, lower)) {
                int value = at + lower.length + 1;
                int line = next(b, at, end) - 2;
                return ExchangeView.text(b, value, Math.max(0, line - value)).strip();
            }
        }
        return null;
    }

    @Override
    public void set(String name, String value) {
        check(name, value);
        remove(name);
        write(name, value);
    }

    @Override
    public void add(String name, String value) {
        check(name, value);
        head();
        write(name, value);
    }

    @Override
    public void remove(String name) {
        checkName(name);
        ByteSink sink = head();
        ByteBuffer b = sink.buffer();
        int end = sink.position();
        byte[] lower = lower(name);
        int at = next(b, from, end);
        while (at < end) {
            int next = next(b, at, end);
            if (is(b, at, end, lower)) {
                b.put(at, b, next, end - next);
                end -= next - at;
            } else {
                at = next;
            }
        }
        sink.position(end);
    }

    private void write(String name, String value) {
        int before = head.position();
        head.putAscii(name).put((byte) ':').put((byte) ' ').putAscii(value)
                .put((byte) '\r').put((byte) '\n');
        if (head.overflowed()) {
            // Whoever writes the head sees the overflow and answers otherwise.
            head.position(before);
        }
    }

    private static void check(String name, String value) {
        checkName(name);
        checkValue(name, value);
    }

    static void checkName(String name) {
        boolean token = !name.isEmpty();
        for (int i = 0; i < name.length() && token; i++) {
            char c = name.charAt(i);
            token = c < 0x80 && (Character.isLetterOrDigit(c) || TOKEN.indexOf(c) >= 0);
        }
        if (!token) {
            throw new IllegalArgumentException("\"" + name + "\" is not the name of a field");
        }
        if (OURS.contains(HeaderName.idOf(name))) {
            throw new IllegalArgumentException(name + " is not a module's to change");
        }
    }

    static void checkValue(String name, String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < 0x20 && c != '\t' || c == 0x7f || c > 0xff) {
                throw new IllegalArgumentException("the value of " + name
                        + " has a control character or one beyond ISO 8859-1");
            }
        }
    }

    /** Whether the line that begins here is a field of this name. */
    private static boolean is(ByteBuffer b, int at, int end, byte[] lower) {
        return at + lower.length < end && b.get(at + lower.length) == ':'
                && AsciiBytes.equalsIgnoreCase(b, at, lower.length, lower);
    }

    /** Behind the CR LF of the line. */
    private static int next(ByteBuffer b, int at, int end) {
        while (at < end && b.get(at) != '\n') {
            at++;
        }
        return Math.min(at + 1, end);
    }

    static byte[] lower(String name) {
        return name.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.ISO_8859_1);
    }
}
