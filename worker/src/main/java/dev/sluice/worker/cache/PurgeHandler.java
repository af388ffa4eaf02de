package dev.sluice.worker.cache;

import dev.sluice.common.cache.CacheIndex;
import dev.sluice.common.cache.CachePurge;
import dev.sluice.worker.answer.Answers;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.Responder;
import dev.sluice.worker.http.AsciiBytes;
import dev.sluice.worker.http.Method;
import dev.sluice.worker.http.RequestHead;
import dev.sluice.worker.match.NetworkTable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Answers PURGE: removes what is stored of a URL, of all that begin with it, or with a tag.
 *
 * <p>Owner: event loop. What has to look at all answers does it beside the loop.
 */
final class PurgeHandler {

    private static final byte[] PURGE = "PURGE".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TEXT = "text/plain".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NO_BEGINNING = ("the key of this location has no beginning to purge"
            + " by: its proxy_cache_key does not hold what * ends\n")
            .getBytes(StandardCharsets.US_ASCII);
    static final int ADDRESS_BYTES = 128;
    private static final int BAD_REQUEST = 400;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int UNAVAILABLE = 503;

    private final CachePlan plan;
    private final Cache cache;
    private final NetworkTable allowed;
    private final ByteBuffer text = ByteBuffer.allocate(ADDRESS_BYTES);
    private final ByteSink sink = new ByteSink();

    PurgeHandler(CachePlan plan) {
        this.plan = plan;
        this.cache = plan.cache;
        this.allowed = NetworkTable.of(plan.use.purgeFrom());
    }

    static boolean isPurge(Exchange x) {
        return x.request.method == Method.OTHER && x.request.methodLength == PURGE.length
                && AsciiBytes.startsWith(x.request.buffer(), x.request.methodOffset,
                        x.request.methodOffset + PURGE.length, PURGE);
    }

    void handle(Exchange x) {
        if (x.client.bodyPending()) {
            x.client.discardBody();
        }
        sink.reset(text, 0, ADDRESS_BYTES);
        x.client.remoteAddress(sink);
        if (allowed.find(text, 0, sink.position()) == NetworkTable.NONE) {
            Answers.status(x, FORBIDDEN);
            return;
        }
        if (cache.folder.isAbsent()) {
            Answers.status(x, UNAVAILABLE);
            return;
        }
        String tag = Tags.named(x.request.headers);
        ByteSink key = cache.keySink();
        plan.writeKey(x, key);
        if (tag != null) {
            purge(x, CachePurge.By.TAG, tag);
        } else if (key.overflowed()) {
            Answers.status(x, NOT_FOUND);
        } else if (endsWithStar(x.request)) {
            purgeBeginning(x, key.position());
        } else if (plan.remove(key.position())) {
            cache.index.count(CacheIndex.Count.PURGED);
            answer(x, 1);
        } else {
            Answers.status(x, NOT_FOUND);
        }
    }

    /** As it was sent, in path or query: %2A is a star of the URL itself. */
    static boolean endsWithStar(RequestHead head) {
        int end = head.queryLength == Exchange.NO_QUERY ? head.pathOffset + head.pathLength
                : head.queryOffset + head.queryLength;
        int length = head.queryLength == Exchange.NO_QUERY ? head.pathLength : head.queryLength;
        return length > 0 && head.buffer().get(end - 1) == '*';
    }

    /** What has a key that begins with this one up to its last star; with nothing nobody's has. */
    private void purgeBeginning(Exchange x, int keyLength) {
        byte[] all = new byte[keyLength];
        cache.key.get(0, all);
        String whole = new String(all, StandardCharsets.ISO_8859_1);
        int star = whole.lastIndexOf('*');
        if (star > 0) {
            purge(x, CachePurge.By.PREFIX, whole.substring(0, star));
        } else {
            Answers.text(x, BAD_REQUEST, TEXT, ByteBuffer.wrap(NO_BEGINNING), 0,
                    NO_BEGINNING.length, true);
        }
    }

    private void purge(Exchange x, CachePurge.By by, String word) {
        Waiting waiting = new Waiting();
        x.responder = waiting;
        CachePurge purge = new CachePurge(cache.folder);
        boolean submitted = cache.side.submit(cache.ctx.loop, () -> {
            long count = purge.run(by, word);
            return () -> waiting.purged(x, count);
        });
        if (!submitted) {
            x.responder = Responder.NONE;
            Answers.status(x, UNAVAILABLE);
        }
    }

    private static void answer(Exchange x, long count) {
        byte[] words = ("purged " + count + "\n").getBytes(StandardCharsets.US_ASCII);
        Answers.text(x, 200, TEXT, ByteBuffer.wrap(words), 0, words.length, true);
    }

    /** The client waits until all answers have been looked at. */
    private static final class Waiting implements Responder {

        private boolean gone;

        void purged(Exchange x, long count) {
            if (!gone) {
                x.responder = Responder.NONE;
                answer(x, count);
            }
        }

        @Override
        public void onRequestBodyReadable(Exchange x) {
            // The stream discards what nobody reads.
        }

        @Override
        public void onClientWritable(Exchange x) {
            // Nothing has been given.
        }

        @Override
        public void onClientGone(Exchange x) {
            gone = true;
        }
    }
}
