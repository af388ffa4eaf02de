package dev.sluice.worker.subrequest;

import dev.sluice.worker.answer.TargetTemplate;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.http.ParseError;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Starts sub-requests and keeps some for the next ones: as many as have been needed at once, up to
 * a limit. One request has one at a time, so their number is that of the requests.
 *
 * <p>Owner: event loop.
 */
public final class SubRequests {

    private static final int KEPT_MAX = 64;

    private final int headersMax;
    private final Deque<SubRequest> free = new ArrayDeque<>();

    /** @param headersMax fields of a request */
    public SubRequests(int headersMax) {
        this.headersMax = headersMax;
    }

    /**
     * Asks the server of a request for another path. The listener hears of the answer at the end of
     * this turn of the loop or of a later one, never before this returns.
     *
     * @return null when the path is refused
     */
    public SubRequest start(Exchange of, TargetTemplate target, SubRequest.Listener listener) {
        assert of.parent == null : "a sub-request makes none";
        SubRequest sub = free.poll();
        if (sub == null) {
            sub = new SubRequest(this, of, headersMax);
        }
        ParseError refused = sub.begin(of, target, listener);
        if (refused != null) {
            giveBack(sub);
            return null;
        }
        return sub;
    }

    void giveBack(SubRequest sub) {
        if (free.size() < KEPT_MAX) {
            free.push(sub);
        }
    }
}
