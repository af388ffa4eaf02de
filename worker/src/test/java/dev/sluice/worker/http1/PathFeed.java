package dev.sluice.worker.http1;

import dev.sluice.worker.arena.ByteSink;
import java.nio.ByteBuffer;

/** Gives a path to the normaliser and to the encoder, text in and text out. */
final class PathFeed {

    private PathFeed() {}

    /** The canonical path, or the name of the error. */
    static String normalise(String path, boolean merge) {
        byte[] bytes = Feed.latin1(path);
        ByteBuffer in = Feed.bait(Feed.FROM + bytes.length + 16);
        in.put(Feed.FROM, bytes);
        ByteBuffer room = Feed.bait(bytes.length * 3 + 16);
        PathNormaliser normaliser = new PathNormaliser();
        ByteSink sink = new ByteSink().reset(room, 3, room.capacity());
        if (!normaliser.normalise(in, Feed.FROM, bytes.length, merge, sink)) {
            return normaliser.error().name();
        }
        ByteBuffer holder = normaliser.inPlace() ? in : room;
        return Feed.text(holder, normaliser.offset(), normaliser.length());
    }

    static String encode(String canonical) {
        byte[] bytes = Feed.latin1(canonical);
        ByteBuffer in = Feed.bait(bytes.length + 16);
        in.put(2, bytes);
        ByteBuffer room = Feed.bait(bytes.length * 3 + 16);
        ByteSink sink = new ByteSink().reset(room, 1, room.capacity());
        PathEncoder.encode(in, 2, bytes.length, sink);
        assert !sink.overflowed();
        return Feed.text(room, 1, sink.position() - 1);
    }
}
