package dev.sluice.worker.tls;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The first message of a TLS client (RFC 8446 §4.1.2), read as far as the choice of a server needs:
 * the name it asks for, and whether it speaks HTTP. Everything else is the engine's business. One
 * for all connections of a loop: an answer holds until the next {@link #parse}.
 *
 * <p>Owner: event loop.
 */
public final class ClientHello {

    /** What the bytes are. */
    public enum Verdict {
        /** So far the beginning of a ClientHello. */
        NEED_MORE,
        COMPLETE,
        /** Not TLS; what a client of plain HTTP sends begins with a letter. */
        PLAIN,
        BAD,
        TOO_LARGE
    }

    private static final int RECORD_HEADER_BYTES = 5;
    private static final int HANDSHAKE = 22;
    private static final int CLIENT_HELLO = 1;
    private static final int RECORD_BYTES_MAX = 16 * 1024;
    /** A message of any length may be cut into pieces of one byte, which nobody does in earnest. */
    private static final int RECORDS_MAX = 64;
    private static final int SERVER_NAME = 0;
    private static final int HOST_NAME = 0;
    private static final int NAME_BYTES_MAX = 255;
    private static final int PROTOCOLS = 16;
    private static final byte[] HTTP_1 = {'h', 't', 't', 'p', '/', '1', '.'};
    private static final byte[] HTTP_2 = {'h', '2'};

    private final byte[] message;
    private int length;
    /** Where the next field is read from. */
    private int at;
    private boolean bad;
    private String name = "";
    /** Whether the client has said which protocols it speaks, and which of ours are among them. */
    private boolean hasProtocols;
    private boolean speaksHttp1;
    private boolean speaksHttp2;

    public ClientHello(int bytesMax) {
        this.message = new byte[bytesMax];
    }

    /** The name that the client asks for, lower case; empty for none. */
    public String name() {
        return name;
    }

    /**
     * Whether the client has named the protocols it speaks (ALPN) and none of them is spoken here.
     * Who is answered nevertheless may be made to take HTTP for something else.
     */
    boolean lacksProtocol(boolean http2) {
        return hasProtocols && !speaksHttp1 && !(http2 && speaksHttp2);
    }

    /** @param end behind the last byte that was read; the first is byte 0 */
    public Verdict parse(ByteBuffer bytes, int end) {
        name = "";
        hasProtocols = false;
        speaksHttp1 = false;
        speaksHttp2 = false;
        if (end > 0 && bytes.get(0) != HANDSHAKE) {
            return Character.isLetter(bytes.get(0)) ? Verdict.PLAIN : Verdict.BAD;
        }
        Verdict verdict = gather(bytes, end);
        if (verdict != Verdict.COMPLETE) {
            return verdict;
        }
        at = 4;
        bad = false;
        readFields();
        return bad ? Verdict.BAD : Verdict.COMPLETE;
    }

    /** Puts the message together from its records (RFC 8446 §5.1). */
    private Verdict gather(ByteBuffer bytes, int end) {
        length = 0;
        int from = 0;
        for (int records = 0; records < RECORDS_MAX; records++) {
            if (end - from < RECORD_HEADER_BYTES) {
                return Verdict.NEED_MORE;
            }
            int size = (bytes.get(from + 3) & 0xff) << 8 | bytes.get(from + 4) & 0xff;
            if (bytes.get(from) != HANDSHAKE || bytes.get(from + 1) != 3 || size == 0
                    || size > RECORD_BYTES_MAX) {
                return Verdict.BAD;
            }
            from += RECORD_HEADER_BYTES;
            int count = Math.min(size, end - from);
            if (length + count > message.length) {
                return Verdict.TOO_LARGE;
            }
            bytes.get(from, message, length, count);
            length += count;
            if (length > 0 && message[0] != CLIENT_HELLO) {
                return Verdict.BAD;
            }
            if (length >= 4) {
                int wanted = 4 + ((message[1] & 0xff) << 16 | (message[2] & 0xff) << 8
                        | message[3] & 0xff);
                if (wanted > message.length) {
                    return Verdict.TOO_LARGE;
                }
                if (length >= wanted) {
                    length = wanted;
                    return Verdict.COMPLETE;
                }
            }
            from += count;
            if (count < size) {
                return Verdict.NEED_MORE;
            }
        }
        return Verdict.TOO_LARGE;
    }

    private void readFields() {
        skip(2 + 32);
        skip(number(1));
        skip(number(2));
        skip(number(1));
        if (at == length) {
            // TLS 1.2 allows a client without extensions (RFC 5246 §7.4.1.2).
            return;
        }
        int end = at + 2 + number(2);
        bad |= end != length;
        boolean named = false;
        while (!bad && at < end) {
            int type = number(2);
            int size = number(2);
            int next = at + size;
            bad |= next > end;
            if (!bad && type == SERVER_NAME) {
                bad = named;
                named = true;
                readName(next);
            } else if (!bad && type == PROTOCOLS) {
                bad = hasProtocols;
                hasProtocols = true;
                readProtocols(next);
            }
            at = next;
        }
    }

    /** Names with their lengths in front (RFC 7301 §3.1). */
    private void readProtocols(int end) {
        bad |= number(2) != end - at || at == end;
        while (!bad && at < end) {
            int size = number(1);
            bad = size == 0 || at + size > end;
            if (!bad) {
                speaksHttp1 |= size == HTTP_1.length + 1
                        && Arrays.equals(message, at, at + HTTP_1.length, HTTP_1, 0, HTTP_1.length);
                speaksHttp2 |= size == HTTP_2.length
                        && Arrays.equals(message, at, at + size, HTTP_2, 0, size);
                at += size;
            }
        }
    }

    /** A list with one name in it: no other kind of name was ever defined (RFC 6066 §3). */
    private void readName(int end) {
        int listEnd = at + 2 + number(2);
        bad |= listEnd != end || number(1) != HOST_NAME;
        int size = number(2);
        bad |= at + size != end || size == 0 || size > NAME_BYTES_MAX;
        if (bad) {
            return;
        }
        for (int i = at; i < end; i++) {
            byte c = message[i];
            if (c >= 'A' && c <= 'Z') {
                message[i] = (byte) (c + 32);
            } else {
                bad |= !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '.'
                        || c == '_');
            }
        }
        name = bad ? "" : new String(message, at, size, StandardCharsets.US_ASCII);
    }

    private void skip(int count) {
        at += count;
        bad |= at > length;
    }

    private int number(int bytes) {
        int value = 0;
        for (int i = 0; i < bytes; i++) {
            if (at >= length) {
                bad = true;
                return 0;
            }
            value = value << 8 | message[at++] & 0xff;
        }
        return value;
    }
}
