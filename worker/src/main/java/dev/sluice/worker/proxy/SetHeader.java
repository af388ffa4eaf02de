package dev.sluice.worker.proxy;

import dev.sluice.common.config.HeaderRule;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.ValueTemplate;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** One {@code proxy_set_header}. Written at boot, then read-only. */
final class SetHeader {

    private static final byte[] CRLF = {'\r', '\n'};

    /** {@code Name: } with its colon. */
    private final byte[] start;
    private final ValueTemplate value;

    SetHeader(HeaderRule rule, TemplateCompiler templates) {
        start = (rule.name() + ": ").getBytes(StandardCharsets.ISO_8859_1);
        value = rule.value().isEmpty() ? null : templates.compile(rule.value());
    }

    /** Writes the field; an empty value leaves it out. @return whether it was written */
    boolean write(Exchange x, ByteSink out) {
        if (value == null) {
            return false;
        }
        int before = out.position();
        out.put(start);
        int valueFrom = out.position();
        value.append(x, out);
        if (out.position() == valueFrom || !isFieldValue(out, valueFrom)) {
            out.position(before);
            return false;
        }
        out.put(CRLF);
        return true;
    }

    /**
     * A value with a control character in it, which a variable could bring in from the request,
     * would split the request (CWE-113): the field is left out whole.
     */
    private static boolean isFieldValue(ByteSink out, int from) {
        ByteBuffer bytes = out.buffer();
        for (int i = from; i < out.position(); i++) {
            int b = bytes.get(i);
            if (b >= 0 && b < 0x20 && b != '\t' || b == 0x7f) {
                return false;
            }
        }
        return true;
    }
}
