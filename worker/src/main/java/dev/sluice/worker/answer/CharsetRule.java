package dev.sluice.worker.answer;

import dev.sluice.common.config.CharsetConfig;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.http.AsciiBytes;
import dev.sluice.worker.http.HeaderName;
import dev.sluice.worker.http.MediaTypeSet;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * {@code charset}: a Content-Type of {@code charset_types} that has no parameters, whoever wrote
 * it, gets this one. Written at boot, then read-only.
 */
final class CharsetRule {

    private final byte[] parameter;
    private final MediaTypeSet types;

    CharsetRule(CharsetConfig config) {
        parameter = ("; charset=" + config.name()).getBytes(StandardCharsets.US_ASCII);
        types = new MediaTypeSet(config.types());
    }

    /** @param from where the status line of the head begins */
    void apply(ByteSink head, int from) {
        ByteBuffer b = head.buffer();
        int end = head.position();
        int line = HeadLines.find(b, from, end, HeaderName.CONTENT_TYPE);
        if (line == HeadLines.NONE) {
            return;
        }
        int value = HeadLines.valueAt(b, line, end);
        int behind = HeadLines.lineEnd(b, line, end);
        if (AsciiBytes.indexOf(b, value, behind, ';') < behind
                || !types.has(b, value, behind - value)) {
            return;
        }
        head.put(parameter);
        if (!head.overflowed()) {
            b.put(behind + parameter.length, b, behind, end - behind);
            b.put(behind, parameter);
        }
    }
}
