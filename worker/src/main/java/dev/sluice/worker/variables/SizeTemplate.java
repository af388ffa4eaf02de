package dev.sluice.worker.variables;

import dev.sluice.common.config.SizeText;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.SizeValue;
import java.nio.ByteBuffer;

/**
 * A size out of a text with variables: digits, and perhaps k, m or g. Anything else is 0. Written
 * at boot, then read-only.
 */
public final class SizeTemplate implements SizeValue {

    /** More digits are no size that anybody means, and would overflow. */
    private static final int DIGITS_MAX = 12;

    private final Template template;
    private final WorkerScope scope;

    private SizeTemplate(Template template, WorkerScope scope) {
        this.template = template;
        this.scope = scope;
    }

    public static SizeValue compile(SizeText size, WorkerScope scope) {
        long bytes = size.bytes();
        return size.template() == null ? x -> bytes
                : new SizeTemplate(Template.compile(size.template(), scope), scope);
    }

    @Override
    public long of(Exchange x) {
        ByteSink sink = scope.scratch();
        template.append(x, sink);
        return parse(sink.buffer(), sink.position());
    }

    static long parse(ByteBuffer text, int length) {
        long value = 0;
        for (int i = 0; i < length; i++) {
            byte b = text.get(i);
            if (b >= '0' && b <= '9' && i < DIGITS_MAX) {
                value = 10 * value + b - '0';
            } else {
                return i > 0 && i == length - 1 ? value * unit(b) : 0;
            }
        }
        return value;
    }

    private static long unit(byte letter) {
        return switch (letter) {
            case 'k', 'K' -> 1L << 10;
            case 'm', 'M' -> 1L << 20;
            case 'g', 'G' -> 1L << 30;
            default -> 0;
        };
    }
}
