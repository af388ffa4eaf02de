package dev.sluice.worker.module;

import dev.sluice.worker.arena.ByteSink;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Heads as hooks see them, from a ring as in {@link Views}, and the memory in which a head waits
 * in case its hook fails.
 *
 * <p>Owner: event loop.
 */
final class HeadViews {

    private static final int COUNT = 1024;
    private static final int HEAD_BYTES_MAX = 64 * 1024;

    private final HeadView[] ring = new HeadView[COUNT];
    private int next;
    /** Made with the first head. */
    private ByteBuffer before;

    HeadView lend(ByteSink head, int from) {
        if (before == null) {
            before = ByteBuffer.allocateDirect(HEAD_BYTES_MAX).order(ByteOrder.LITTLE_ENDIAN);
        }
        HeadView view = ring[next];
        if (view == null) {
            view = new HeadView(before);
            ring[next] = view;
        }
        next = (next + 1) % COUNT;
        view.lend(head, from);
        return view;
    }
}
