package dev.sluice.worker.downstream;

import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;

/** A socket that keeps what it has received. */
final class TappedSocket extends Socket {

    private static final int ALERT = 21;
    /** An alert of TLS 1.3: two bytes, one for what they are, and the tag (RFC 8446 §5.2). */
    private static final int HIDDEN_ALERT_BYTES = 2 + 1 + 16;

    private final ByteArrayOutputStream received = new ByteArrayOutputStream();

    @Override
    public InputStream getInputStream() throws IOException {
        return new FilterInputStream(super.getInputStream()) {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] b, int off, int len) throws IOException {
                int count = super.read(b, off, len);
                if (count > 0) {
                    received.write(b, off, count);
                }
                return count;
            }
        };
    }

    /** Whether the last record of the other side is an alert, and whole. */
    boolean endsWithAlert(String protocol) {
        byte[] all = received.toByteArray();
        int kind = 0;
        int length = 0;
        int at = 0;
        while (at + 5 <= all.length) {
            kind = all[at];
            length = (all[at + 3] & 0xff) << 8 | all[at + 4] & 0xff;
            at += 5 + length;
        }
        return at == all.length && (protocol.equals("TLSv1.3") ? length == HIDDEN_ALERT_BYTES
                : kind == ALERT);
    }
}
