package dev.sluice.module.testkit;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads an answer of HTTP/1.1 that ends with its connection. Stateless. */
final class WireAnswer {

    private WireAnswer() {
    }

    /** @param bytes empty when the connection was closed without an answer */
    static TestAnswer parse(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\r\n\r\n");
        if (end < 0) {
            TestAnswer none = new TestAnswer(0, new byte[0]);
            none.aborted = true;
            return none;
        }
        String[] lines = text.substring(0, end).split("\r\n");
        TestAnswer answer = new TestAnswer(Integer.parseInt(lines[0].split(" ")[1]),
                Arrays.copyOfRange(bytes, end + 4, bytes.length));
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            answer.with(lines[i].substring(0, colon), lines[i].substring(colon + 1).strip());
        }
        if ("chunked".equals(answer.header("Transfer-Encoding"))) {
            answer.body = unchunked(answer.body);
        }
        return answer;
    }

    private static byte[] unchunked(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int at = 0;
        while (at < bytes.length) {
            int lineEnd = text.indexOf("\r\n", at);
            int count = Integer.parseInt(text.substring(at, lineEnd), 16);
            out.write(bytes, lineEnd + 2, count);
            at = lineEnd + 2 + count + 2;
            if (count == 0) {
                break;
            }
        }
        return out.toByteArray();
    }
}
