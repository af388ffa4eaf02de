package dev.sluice.worker.answer;

import dev.sluice.worker.http.Status;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The small page of each status. Written at boot, then read-only. */
final class BuiltInPages {

    static final byte[] TYPE = "text/html".getBytes(StandardCharsets.US_ASCII);

    private static final ByteBuffer[] PAGES = new ByteBuffer[Status.MAX - Status.MIN + 1];

    static {
        for (int i = 0; i < PAGES.length; i++) {
            byte[] page = text(Status.MIN + i).getBytes(StandardCharsets.US_ASCII);
            // Direct, as all other memory that streams copy from.
            PAGES[i] = ByteBuffer.allocateDirect(page.length).put(0, page);
        }
    }

    private BuiltInPages() {}

    private static String text(int status) {
        int shown = Status.onWire(status);
        String title = (shown + " " + Status.reason(shown)).strip();
        return """
                <html>
                <head><title>%s</title></head>
                <body>
                <center><h1>%s</h1></center>%s
                <hr><center>sluice</center>
                </body>
                </html>
                """.formatted(title, title, explanation(status)).replace("\n", "\r\n");
    }

    private static String explanation(int status) {
        String words = status == Status.PLAIN_ON_TLS
                ? "A plain HTTP request was sent to an HTTPS port."
                : status == Status.NO_CLIENT_CERTIFICATE
                ? "No required SSL certificate was sent."
                : status == Status.BAD_CLIENT_CERTIFICATE
                ? "The SSL certificate error." : null;
        return words == null ? "" : "\n<center>" + words + "</center>";
    }

    /** All of the buffer; never changed. */
    static ByteBuffer of(int status) {
        return PAGES[status - Status.MIN];
    }
}
