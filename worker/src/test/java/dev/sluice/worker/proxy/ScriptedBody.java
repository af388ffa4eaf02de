package dev.sluice.worker.proxy;

import dev.sluice.worker.exchange.ClientStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The request body of a {@link ScriptedClient}, decoded, as far as it has arrived. */
final class ScriptedBody {

    private static final byte[] NOTHING = {};

    private byte[] arrived = NOTHING;
    private int readTo;
    private boolean complete;
    private boolean broken;

    void reset(boolean empty) {
        arrived = NOTHING;
        readTo = 0;
        complete = empty;
        broken = false;
    }

    void add(String text, boolean last) {
        byte[] more = text.getBytes(StandardCharsets.ISO_8859_1);
        byte[] all = new byte[arrived.length - readTo + more.length];
        System.arraycopy(arrived, readTo, all, 0, arrived.length - readTo);
        System.arraycopy(more, 0, all, arrived.length - readTo, more.length);
        arrived = all;
        readTo = 0;
        complete |= last;
    }

    void breakIt() {
        broken = true;
    }

    boolean isPending() {
        return !complete || readTo < arrived.length;
    }

    /** As {@link ClientStream#readBody}. */
    int read(ByteBuffer into, int from, int limit) {
        if (broken) {
            return ClientStream.BODY_ERROR;
        }
        int count = Math.min(limit - from, arrived.length - readTo);
        if (count > 0) {
            into.put(from, arrived, readTo, count);
            readTo += count;
            return count;
        }
        return complete ? ClientStream.BODY_END : 0;
    }
}
