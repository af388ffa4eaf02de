package dev.sluice.common.control;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Messages to bytes and back. All numbers are big-endian.
 *
 * <pre>
 *   ┌────────────┬─────────┬──────────────────────────────────────────────┐
 *   │ u32 length │ u8 type │ fields (length - 1 bytes)                    │
 *   └────────────┴─────────┴──────────────────────────────────────────────┘
 *   type  message           fields
 *      1  Ready             i32 pid
 *      2  Drained           -
 *      3  MetricsRequest    i64 id, u8 page
 *      4  Warning           text
 *      5  Staple            text, bytes to the end of the message
 *      6  Burst             i32 errors
 *      7  Answer            i64 id, u8 last, bytes of UTF-8 to the end of the message
 *     65  Serve             -
 *     66  Adopt             i32 slot, list of text
 *     67  Release           i32 slot
 *     68  Drain             i64 timeoutMs, list of text
 *     69  Stop              -
 *     70  ReopenLogs        -
 *     71  MetricsResponse   i64 id, bytes to the end of the message
 *     72  Renew             bytes to the end of the message
 *     73  Question          i64 id, text
 *     74  Forget            i64 id
 *   text = u16 byte count, UTF-8;  list = u16 count, that many texts
 * </pre>
 */
public final class ControlCodec {

    /** Longest message of a worker: it only sends numbers and one line of text. */
    public static final int FROM_WORKER_BYTES_MAX = 64 * 1024;

    /** Longest message of the master: the metrics of many servers and peers are some MB of text. */
    public static final int FROM_MASTER_BYTES_MAX = 16 * 1024 * 1024;

    /** A warning is one log line; what is longer is cut at this many bytes. */
    public static final int WARNING_BYTES_MAX = 4096;

    static final int LENGTH_BYTES = 4;

    private static final int READY = 1;
    private static final int DRAINED = 2;
    private static final int METRICS_REQUEST = 3;
    private static final int WARNING = 4;
    private static final int STAPLE = 5;
    private static final int BURST = 6;
    private static final int ANSWER = 7;
    private static final int SERVE = 65;
    private static final int ADOPT = 66;
    private static final int RELEASE = 67;
    private static final int DRAIN = 68;
    private static final int STOP = 69;
    private static final int REOPEN_LOGS = 70;
    private static final int METRICS_RESPONSE = 71;
    private static final int RENEW = 72;
    private static final int QUESTION = 73;
    private static final int FORGET = 74;

    private ControlCodec() {}

    /** The whole message with its length in front; the array is the caller's. */
    public static byte[] encode(ControlMessage message) {
        // Not a switch over types, which is linked at run time: 10 ms of every start.
        if (message instanceof ControlMessage.FromWorker said) {
            return encode(said);
        }
        return encode((ControlMessage.FromMaster) message);
    }

    private static byte[] encode(ControlMessage.FromWorker message) {
        if (message instanceof ControlMessage.Ready m) {
            return start(READY, 4).putInt(m.pid()).array();
        }
        if (message instanceof ControlMessage.Drained) {
            return start(DRAINED, 0).array();
        }
        if (message instanceof ControlMessage.MetricsRequest m) {
            return start(METRICS_REQUEST, 9).putLong(m.id())
                    .put((byte) m.page().ordinal()).array();
        }
        if (message instanceof ControlMessage.Warning m) {
            byte[] text = cut(m.text().getBytes(StandardCharsets.UTF_8));
            return putText(start(WARNING, 2 + text.length), text).array();
        }
        if (message instanceof ControlMessage.Staple m) {
            byte[] path = m.certificate().getBytes(StandardCharsets.UTF_8);
            return putText(start(STAPLE, 2 + path.length + m.answer().length), path)
                    .put(m.answer()).array();
        }
        if (message instanceof ControlMessage.Burst m) {
            return start(BURST, 4).putInt(m.errors()).array();
        }
        if (message instanceof ControlMessage.Answer m) {
            byte[] text = m.text().getBytes(StandardCharsets.UTF_8);
            return start(ANSWER, 9 + text.length).putLong(m.id())
                    .put((byte) (m.last() ? 1 : 0)).put(text).array();
        }
        throw new AssertionError(message);
    }

    private static byte[] encode(ControlMessage.FromMaster message) {
        if (message instanceof ControlMessage.Serve) {
            return start(SERVE, 0).array();
        }
        if (message instanceof ControlMessage.Adopt m) {
            List<byte[]> keys = bytesOf(m.listenKeys());
            return putList(start(ADOPT, 4 + listBytes(keys)).putInt(m.slot()), keys).array();
        }
        if (message instanceof ControlMessage.Release m) {
            return start(RELEASE, 4).putInt(m.slot()).array();
        }
        if (message instanceof ControlMessage.Drain m) {
            List<byte[]> keys = bytesOf(m.closingKeys());
            ByteBuffer out = start(DRAIN, 8 + listBytes(keys)).putLong(m.timeoutMs());
            return putList(out, keys).array();
        }
        if (message instanceof ControlMessage.Stop) {
            return start(STOP, 0).array();
        }
        if (message instanceof ControlMessage.ReopenLogs) {
            return start(REOPEN_LOGS, 0).array();
        }
        if (message instanceof ControlMessage.MetricsResponse m) {
            return start(METRICS_RESPONSE, 8 + m.text().length)
                    .putLong(m.id()).put(m.text()).array();
        }
        if (message instanceof ControlMessage.Renew m) {
            return start(RENEW, m.files().length).put(m.files()).array();
        }
        if (message instanceof ControlMessage.Question m) {
            byte[] words = m.words().getBytes(StandardCharsets.UTF_8);
            return putText(start(QUESTION, 10 + words.length).putLong(m.id()), words).array();
        }
        if (message instanceof ControlMessage.Forget m) {
            return start(FORGET, 8).putLong(m.id()).array();
        }
        throw new AssertionError(message);
    }

    /**
     * One message from the bytes between position and limit (type and fields, without the length).
     *
     * @return null when the bytes are not a message: unknown type, a field cut short, bytes left
     * over
     */
    static ControlMessage decode(ByteBuffer in) {
        if (!in.hasRemaining()) {
            return null;
        }
        ControlMessage message = decodeFields(in.get(), in);
        return in.hasRemaining() ? null : message;
    }

    private static ControlMessage decodeFields(int type, ByteBuffer in) {
        switch (type) {
            case READY:
                return in.remaining() < 4 ? null : new ControlMessage.Ready(in.getInt());
            case DRAINED:
                return new ControlMessage.Drained();
            case METRICS_REQUEST:
                return in.remaining() < 9 ? null : new ControlMessage.MetricsRequest(in.getLong(),
                        OperatorPage.of(in.get()));
            case WARNING:
                String text = getText(in);
                return text == null ? null : new ControlMessage.Warning(text);
            case STAPLE:
                String path = getText(in);
                return path == null ? null : new ControlMessage.Staple(path, rest(in));
            case BURST:
                return in.remaining() < 4 ? null : new ControlMessage.Burst(in.getInt());
            case ANSWER:
                return in.remaining() < 9 ? null : new ControlMessage.Answer(in.getLong(),
                        in.get() != 0, new String(rest(in), StandardCharsets.UTF_8));
            case SERVE:
                return new ControlMessage.Serve();
            case ADOPT:
                return decodeAdopt(in);
            case RELEASE:
                return in.remaining() < 4 ? null : new ControlMessage.Release(in.getInt());
            case DRAIN:
                return decodeDrain(in);
            case STOP:
                return new ControlMessage.Stop();
            case REOPEN_LOGS:
                return new ControlMessage.ReopenLogs();
            case METRICS_RESPONSE:
                return decodeMetrics(in);
            case RENEW:
                return new ControlMessage.Renew(rest(in));
            case QUESTION:
                return decodeQuestion(in);
            case FORGET:
                return in.remaining() < 8 ? null : new ControlMessage.Forget(in.getLong());
            default:
                return null;
        }
    }

    private static ControlMessage decodeAdopt(ByteBuffer in) {
        if (in.remaining() < 4) {
            return null;
        }
        int slot = in.getInt();
        List<String> keys = getList(in);
        return keys == null ? null : new ControlMessage.Adopt(slot, keys);
    }

    private static ControlMessage decodeDrain(ByteBuffer in) {
        if (in.remaining() < 8) {
            return null;
        }
        long timeoutMs = in.getLong();
        List<String> keys = getList(in);
        return keys == null ? null : new ControlMessage.Drain(timeoutMs, keys);
    }

    private static ControlMessage decodeMetrics(ByteBuffer in) {
        if (in.remaining() < 8) {
            return null;
        }
        long id = in.getLong();
        return new ControlMessage.MetricsResponse(id, rest(in));
    }

    private static ControlMessage decodeQuestion(ByteBuffer in) {
        if (in.remaining() < 8) {
            return null;
        }
        long id = in.getLong();
        String words = getText(in);
        return words == null ? null : new ControlMessage.Question(id, words);
    }

    private static byte[] rest(ByteBuffer in) {
        byte[] rest = new byte[in.remaining()];
        in.get(rest);
        return rest;
    }

    private static ByteBuffer start(int type, int fieldBytes) {
        assert fieldBytes + 1 <= FROM_MASTER_BYTES_MAX : fieldBytes;
        ByteBuffer out = ByteBuffer.allocate(LENGTH_BYTES + 1 + fieldBytes);
        return out.putInt(1 + fieldBytes).put((byte) type);
    }

    private static List<byte[]> bytesOf(List<String> texts) {
        List<byte[]> all = new ArrayList<>(texts.size());
        for (String text : texts) {
            all.add(text.getBytes(StandardCharsets.UTF_8));
        }
        return all;
    }

    private static int listBytes(List<byte[]> texts) {
        int bytes = 2;
        for (byte[] text : texts) {
            bytes += 2 + text.length;
        }
        return bytes;
    }

    private static ByteBuffer putList(ByteBuffer out, List<byte[]> texts) {
        assert texts.size() <= 0xffff : texts.size();
        out.putShort((short) texts.size());
        for (byte[] text : texts) {
            putText(out, text);
        }
        return out;
    }

    private static ByteBuffer putText(ByteBuffer out, byte[] text) {
        assert text.length <= 0xffff : text.length;
        return out.putShort((short) text.length).put(text);
    }

    private static byte[] cut(byte[] text) {
        return text.length <= WARNING_BYTES_MAX
                ? text
                : Arrays.copyOf(text, WARNING_BYTES_MAX);
    }

    private static List<String> getList(ByteBuffer in) {
        if (in.remaining() < 2) {
            return null;
        }
        int count = Short.toUnsignedInt(in.getShort());
        List<String> texts = new ArrayList<>(Math.min(count, 64));
        for (int i = 0; i < count; i++) {
            String text = getText(in);
            if (text == null) {
                return null;
            }
            texts.add(text);
        }
        return texts;
    }

    private static String getText(ByteBuffer in) {
        if (in.remaining() < 2) {
            return null;
        }
        int length = Short.toUnsignedInt(in.getShort());
        if (in.remaining() < length) {
            return null;
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
