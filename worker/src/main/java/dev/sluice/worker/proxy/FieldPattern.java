package dev.sluice.worker.proxy;

import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.ValueTemplate;
import dev.sluice.worker.http.AsciiBytes;
import dev.sluice.worker.match.BytePattern;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * What a part of a peer's field must be, and what stands in its place for clients: a text, one with
 * variables, or an expression whose groups are {@code $1} to {@code $9} of the replacement alone.
 * The first two allocate nothing.
 *
 * <p>Owner: event loop.
 */
final class FieldPattern {

    static final int NONE = -1;

    /** A longer text with variables fits nothing. */
    private static final int TEXT_BYTES_MAX = 2048;

    /** Null for an expression or variables. */
    private final byte[] literal;
    private final ValueTemplate variable;
    private final BytePattern expression;
    private final ValueTemplate replacement;
    private final ByteSink sink = new ByteSink();
    private ByteBuffer memory;

    private FieldPattern(byte[] literal, ValueTemplate variable, BytePattern expression,
            ValueTemplate replacement) {
        this.literal = literal;
        this.variable = variable;
        this.expression = expression;
        this.replacement = replacement;
    }

    /** @param from as the configuration has it: ~ or ~* stand before an expression */
    static FieldPattern of(String from, ValueTemplate replacement, TemplateCompiler templates) {
        if (from.startsWith("~")) {
            boolean nocase = from.startsWith("~*");
            return new FieldPattern(null, null,
                    new BytePattern(from.substring(nocase ? 2 : 1), nocase), replacement);
        }
        if (from.indexOf('$') >= 0) {
            FieldPattern pattern =
                    new FieldPattern(null, templates.compile(from), null, replacement);
            pattern.memory = ByteBuffer.allocateDirect(TEXT_BYTES_MAX)
                    .order(ByteOrder.LITTLE_ENDIAN);
            return pattern;
        }
        return literal(from, replacement);
    }

    static FieldPattern literal(String from, ValueTemplate replacement) {
        return new FieldPattern(
                from.getBytes(StandardCharsets.UTF_8), null, null, replacement);
    }

    /**
     * Whether the range begins with the text, or has in it what the expression finds.
     *
     * @return how many of its first bytes give way to the replacement, or {@link #NONE}
     */
    int begins(Exchange x, ByteBuffer b, int from, int end) {
        if (literal != null) {
            return AsciiBytes.startsWith(b, from, end, literal) ? literal.length : NONE;
        }
        if (expression != null) {
            return expression.find(b, from, end - from) ? end - from : NONE;
        }
        int length = evaluate(x);
        if (length == 0 || length > end - from) {
            return NONE;
        }
        for (int i = 0; i < length; i++) {
            if (b.get(from + i) != memory.get(i)) {
                return NONE;
            }
        }
        return length;
    }

    /** Whether the range is the text in any case, or has in it what the expression finds. */
    boolean is(Exchange x, ByteBuffer b, int from, int end) {
        if (expression != null) {
            return expression.find(b, from, end - from);
        }
        int at = from < end && b.get(from) == '.' ? from + 1 : from;
        if (literal != null) {
            return AsciiBytes.equalsIgnoreCase(b, at, end - at, literal);
        }
        int length = evaluate(x);
        int bare = length > 0 && memory.get(0) == '.' ? 1 : 0;
        return length > bare
                && AsciiBytes.rangesEqualIgnoreCase(b, at, end - at, memory, bare, length - bare);
    }

    /** @return bytes in the memory, 0 for a text that is too long */
    private int evaluate(Exchange x) {
        sink.reset(memory, 0, TEXT_BYTES_MAX);
        variable.append(x, sink);
        return sink.overflowed() ? 0 : sink.position();
    }

    /** Writes what stands in the place of what was just found. */
    void replace(Exchange x, ByteSink out) {
        if (expression == null || expression.groupCount() == 0) {
            replacement.append(x, out);
            return;
        }
        String[] outer = x.captures;
        x.captures = expression.captures();
        replacement.append(x, out);
        x.captures = outer;
    }
}
