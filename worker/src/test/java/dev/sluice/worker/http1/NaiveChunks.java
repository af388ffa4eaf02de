package dev.sluice.worker.http1;

import java.nio.charset.StandardCharsets;

/** The chunked coding decoded as simply as can be, for input that is known to be well formed. */
final class NaiveChunks {

    private NaiveChunks() {}

    static String decode(byte[] input) {
        String rest = new String(input, StandardCharsets.ISO_8859_1);
        StringBuilder body = new StringBuilder();
        for (;;) {
            String line = rest.substring(0, rest.indexOf("\r\n"));
            int size = Integer.parseInt(line.split(";", 2)[0], 16);
            if (size == 0) {
                return body.toString();
            }
            int data = line.length() + 2;
            body.append(rest, data, data + size);
            rest = rest.substring(data + size + 2);
        }
    }
}
