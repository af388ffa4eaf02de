package dev.sluice.worker.watch;

import dev.sluice.common.log.Escape;
import dev.sluice.common.log.SecretNames;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.http.HeaderTable;
import dev.sluice.worker.http.RequestHead;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Exchanges as text for an operator's eyes: without secrets, and without a character that could
 * drive a terminal or forge a line. Stateless; allocates.
 */
public final class ShownExchange {

    private static final int PART_CHARS_MAX = 1024;
    private static final int ADDRESS_BYTES_MAX = 128;

    private ShownExchange() {
    }

    /** The client's address and port. */
    public static String client(Exchange x) {
        ByteBuffer bytes = ByteBuffer.allocate(ADDRESS_BYTES_MAX);
        ByteSink sink = new ByteSink().reset(bytes, 0, ADDRESS_BYTES_MAX);
        x.client.remoteAddress(sink);
        return new String(bytes.array(), 0, sink.position(), StandardCharsets.ISO_8859_1) + ":"
                + x.client.remotePort();
    }

    /** Method and target, parameters of secret names without their values; cut. */
    public static void requestLine(Exchange x, StringBuilder to, int charsMax) {
        Escape.quoted(to, SecretNames.hideIn(asked(x)), charsMax);
    }

    /** Method and target as they came; empty without a target. */
    static String asked(Exchange x) {
        RequestHead head = x.request;
        return head.targetLength == 0 ? "" : text(head.buffer(), head.methodOffset,
                head.targetOffset + head.targetLength - head.methodOffset);
    }

    /** The fields of the request, each on a line. */
    static void requestFields(Exchange x, String before, StringBuilder to) {
        HeaderTable fields = x.request.headers;
        for (int i = 0; i < fields.count(); i++) {
            field(text(fields.buffer(), fields.nameOffset(i), fields.nameLength(i)),
                    text(fields.buffer(), fields.valueOffset(i), fields.valueLength(i)), before,
                    to);
        }
    }

    /** The fields of the answer as it was sent, each on a line. */
    static void answerFields(Exchange x, String before, StringBuilder to) {
        if (x.sentHead == null) {
            return;
        }
        for (String line : text(x.sentHead, x.sentHeadOffset, x.sentHeadLength).split("\r\n")) {
            int colon = line.indexOf(": ");
            if (colon > 0 && !line.startsWith("HTTP/")) {
                field(line.substring(0, colon), line.substring(colon + 2), before, to);
            }
        }
    }

    private static void field(String name, String value, String before, StringBuilder to) {
        to.append(before);
        Escape.plain(to, name, PART_CHARS_MAX);
        to.append(": ");
        Escape.plain(to, SecretNames.shown(name, value), PART_CHARS_MAX);
        to.append('\n');
    }

    private static String text(ByteBuffer buffer, int from, int length) {
        byte[] bytes = new byte[Math.max(0, length)];
        buffer.get(from, bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
