package dev.sluice.worker.upstream;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A check by the protocol that gRPC has for it: {@code grpc.health.v1.Health/Check} with the name
 * of a service, answered with its state. The messages are small enough to be written down.
 *
 * <pre>
 *   | compressed:8 = 0 | length:32 | message |
 *   request:  0a length:8 name         (field 1, a text; nothing for the whole server)
 *   answer:   08 state:8               (field 1, an enum: 1 is SERVING)
 * </pre>
 *
 * <p>Owner: event loop.
 */
final class GrpcHealth {

    static final String PATH = "/grpc.health.v1.Health/Check";
    private static final byte[] SERVING = {0, 0, 0, 0, 2, 8, 1};
    private static final int PREFIX_BYTES = 5;

    private final byte[] answer = new byte[64];
    private int count;
    private boolean tooLong;

    static byte[] request(String service) {
        byte[] name = service.getBytes(StandardCharsets.US_ASCII);
        int length = name.length == 0 ? 0 : name.length + 2;
        ByteBuffer b = ByteBuffer.allocate(PREFIX_BYTES + length).put((byte) 0).putInt(length);
        if (length > 0) {
            b.put((byte) 0x0a).put((byte) name.length).put(name);
        }
        return b.array();
    }

    void clear() {
        count = 0;
        tooLong = false;
    }

    void add(ByteBuffer b, int from, int length) {
        tooLong |= length > answer.length - count;
        int most = Math.min(length, answer.length - count);
        b.get(from, answer, count, most);
        count += most;
    }

    /**
     * All has come.
     *
     * @param status of HTTP
     * @param lines the trailers, or null
     * @return empty when the check has passed, else why it has not
     */
    String verdict(int status, ByteBuffer lines, int length) {
        if (status != 200) {
            return "status " + status;
        }
        byte[] text = new byte[lines == null ? 0 : length];
        if (lines != null) {
            lines.get(0, text);
        }
        String trailers = new String(text, StandardCharsets.ISO_8859_1);
        if (!("\r\n" + trailers).contains("\r\ngrpc-status: 0\r\n")) {
            int at = trailers.indexOf("grpc-status: ");
            return at < 0 ? "answer without grpc-status"
                    : trailers.substring(at, trailers.indexOf('\r', at)).replace(":", "");
        }
        boolean serving = !tooLong && Arrays.equals(answer, 0, count, SERVING, 0, SERVING.length);
        return serving ? "" : "not serving";
    }
}
