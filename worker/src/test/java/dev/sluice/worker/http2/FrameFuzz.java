package dev.sluice.worker.http2;

import java.nio.ByteBuffer;

/**
 * Fuzz target: any bytes as frames. How it is run is in {@code src/test/corpus/http2/README.md};
 * the corpus is run by every build.
 */
public final class FrameFuzz {

    private FrameFuzz() {}

    /** The entry Jazzer calls. */
    public static void fuzzerTestOneInput(byte[] input) {
        ByteBuffer b = Blocks.buffer(input);
        int at = 0;
        Frame frame = new Frame();
        int next = frame.next(b, at, input.length);
        while (next >= 0 || next == Frame.BAD && frame.streamOnly) {
            int end = next >= 0 ? next : frame.to;
            check(end > at && end <= input.length, "a frame ends at " + end);
            check(next < 0 || frame.from >= at + Frame.HEAD_BYTES && frame.from <= frame.to
                    && frame.to <= end, "contents from " + frame.from + " to " + frame.to);
            check(frame.payloadBytes <= Frame.PAYLOAD_MAX, "payload of " + frame.payloadBytes);
            cut(b, at, end, next);
            at = end;
            next = frame.next(b, at, input.length);
        }
    }

    /** A part of it is never taken for the whole. */
    private static void cut(ByteBuffer b, int at, int end, int whole) {
        Frame part = new Frame();
        for (int to = at; to < end; to++) {
            int next = part.next(b, at, to);
            check(next == Frame.NEED_MORE || next == Frame.BAD && whole == Frame.BAD,
                    to - at + " bytes of " + (end - at) + " are " + next);
        }
    }

    private static void check(boolean right, String what) {
        if (!right) {
            throw new IllegalStateException(what);
        }
    }
}
