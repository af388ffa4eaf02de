package dev.sluice.worker.exchange;

import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.http.FieldValue;
import java.nio.charset.StandardCharsets;

/** A field that a rule gives to a head of HTTP/1. Written at boot, then read-only. */
public final class FieldLine {

    private static final byte[] CRLF = {'\r', '\n'};

    /** {@code Name: } with its colon. */
    private final byte[] start;
    private final ValueTemplate value;

    public FieldLine(String name, ValueTemplate value) {
        this.start = (name + ": ").getBytes(StandardCharsets.ISO_8859_1);
        this.value = value;
    }

    /**
     * Writes the field; a value that is empty or would split the message leaves it out.
     *
     * @return whether it was written
     */
    public boolean write(Exchange x, ByteSink out) {
        int before = out.position();
        out.put(start);
        int from = out.position();
        value.append(x, out);
        if (out.position() == from || !FieldValue.isSafe(out.buffer(), from, out.position())) {
            out.position(before);
            return false;
        }
        out.put(CRLF);
        return true;
    }
}
