package dev.sluice.worker.cache;

import dev.sluice.common.counters.Termination;
import dev.sluice.worker.cache.rules.ResponseFacts.Verdict;
import dev.sluice.worker.exchange.CacheStatus;
import dev.sluice.worker.exchange.ClientStream;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.ExchangeState;
import dev.sluice.worker.exchange.Responder;
import dev.sluice.worker.http.HeaderTable;
import java.nio.ByteBuffer;

/**
 * Asks a peer for an answer that is not stored, or too old, on behalf of all who want it: it is the
 * client of an exchange of its own, which ends neither with the request that began it nor with
 * those that wait for it.
 *
 * <pre>
 *             ┌─ may be stored ────────────► STORING ──── complete ───┐
 *  ASKING ────┼─ 304: what is stored holds ─► CONFIRMED ──────────────┼──► ENDED
 *             ├─ neither: for one client ──► PASSING ──── it ends ────┤
 *             └─ nobody wants it ──────────► DISCARDING ─ end of turn ┘
 * </pre>
 *
 * <p>Owner: event loop. One for each answer that is fetched.
 */
final class Fetch extends HeadCollector {

    enum Mode { ASKING, STORING, CONFIRMED, PASSING, DISCARDING, ENDED }

    final Cache cache;
    final CachePlan plan;
    final FetchFacts facts;
    final Recorder recorder;
    final Audience audience = new Audience(this);
    Mode mode = Mode.ASKING;
    private boolean background;
    private boolean bodyEnded;
    private boolean drops;
    /** Not null once storing has been given up; those who read the answer go on. */
    Tail tail;

    /** @param slice that is asked for, or {@link Slices#NONE} */
    Fetch(Cache cache, CachePlan plan, Exchange first, int headersMax, long slice) {
        super(cache.ctx, first, headersMax);
        this.cache = cache;
        this.plan = plan;
        this.recorder = new Recorder(cache);
        this.facts = new FetchFacts(this, slice);
    }

    /** Begins: asks the peer. @param first who wants it; null for nobody yet */
    void start(CacheReader first) {
        background = first == null;
        audience.begin(first);
        facts.addFields();
        plan.inner.handle(exchange);
    }

    /** One more wants it. Its answer comes later, or now when there is a head already. */
    void join(CacheReader one) {
        audience.add(one);
        if (mode == Mode.STORING || mode == Mode.CONFIRMED && recorder.stored != null) {
            one.begin(recorder.stored, CacheStatus.HIT, this);
        }
    }

    /** Whether whoever asks now can have the answer. */
    boolean isOpen(HeaderTable request) {
        return switch (mode) {
            case ASKING -> true;
            case STORING, CONFIRMED -> tail == null && recorder.stored != null
                    && !recorder.stored.failed && facts.isWanted() && facts.isFor(request);
            default -> false;
        };
    }

    /** The client has gone, or has all. */
    void leave(CacheReader one) {
        boolean led = audience.leave(one);
        if (led && mode == Mode.PASSING
                || mode == Mode.ASKING && audience.leader() == null && !background) {
            giveUp();
        } else if (tail != null) {
            tail.taken();
        }
    }

    private void giveUp() {
        Responder responder = exchange.responder;
        exchange.responder = Responder.NONE;
        responder.onClientGone(exchange);
        end();
    }

    /** Nobody wants any more of it. */
    void giveUpLater() {
        mode = Mode.DISCARDING;
        drops = true;
        atEndOfTurn();
    }

    /** The only end; memory that the side thread has in hands is given back later. */
    void end() {
        if (mode == Mode.ENDED) {
            return;
        }
        mode = Mode.ENDED;
        if (exchange.state != ExchangeState.ENDED) {
            exchange.end();
        }
        facts.end();
        recorder.end();
        letGo();
    }

    // ---- the head of the answer

    @Override
    public void peerAnswers(int status, HeaderTable headers) {
        facts.judge(status, headers);
    }

    @Override
    public void earlyHints(HeaderTable fields) {
        audience.hint(fields);
    }

    @Override
    public void beginHead(int status) {
        exchange.status = status;
        headSent = false;
        if (facts.validation().holds()) {
            mode = Mode.CONFIRMED;
        } else if (facts.validation().isDropped() || facts.prefersStale(status)) {
            mode = Mode.DISCARDING;
        } else if (facts.verdict() == Verdict.STORE && facts.status() == status) {
            mode = Mode.STORING;
        } else {
            mode = audience.leaderTakes(facts.isOfRange()) ? Mode.PASSING : Mode.DISCARDING;
        }
        if (mode == Mode.PASSING) {
            audience.leader().beginPassing(status);
        }
    }

    @Override
    ClientStream passTo() {
        return mode == Mode.PASSING ? to() : null;
    }

    @Override
    HeadLines lines() {
        return mode == Mode.STORING || mode == Mode.CONFIRMED ? facts.lines() : null;
    }

    private ClientStream to() {
        return audience.leader().client();
    }

    @Override
    public boolean endHead(long contentLength) {
        if (mode == Mode.PASSING) {
            audience.leader().headEnds(exchange);
            headSent = to().endHead(contentLength);
            if (headSent) {
                facts.passed();
                audience.sendOthersAlone(Aside.NOTHING);
                if (audience.leader().isHead()) {
                    endWithHead();
                }
            }
            return headSent;
        }
        headSent = true;
        if (mode == Mode.DISCARDING) {
            drops = true;
            atEndOfTurn();
            audience.refuse(exchange.status);
            return true;
        }
        boolean fits = mode == Mode.STORING
                ? facts.endHead(contentLength == NO_BODY ? 0 : contentLength)
                : facts.validation().endHead();
        if (fits) {
            CacheStatus miss = facts.validation().old() == null ? facts.statusOfMiss()
                    : CacheStatus.EXPIRED;
            audience.begin(recorder.stored,
                    mode == Mode.CONFIRMED ? CacheStatus.REVALIDATED : miss);
        } else {
            headSent = false;
        }
        return fits;
    }

    /** Of what is passed on to a HEAD the body is not read. */
    private void endWithHead() {
        CacheReader one = audience.leader();
        audience.begin(null);
        giveUpLater();
        one.endsWithHead();
    }

    // ---- the body of the answer

    @Override
    public int room() {
        return switch (mode) {
            case PASSING -> to().room();
            case STORING -> tail != null ? 0 : recorder.room();
            default -> Integer.MAX_VALUE;
        };
    }

    @Override
    public int writeCopy(ByteBuffer source, int offset, int length) {
        if (mode == Mode.PASSING) {
            return to().writeCopy(source, offset, length);
        }
        if (mode != Mode.STORING) {
            return length;
        }
        int count = tail != null ? 0 : Math.min(length, recorder.room());
        recorder.copy(source, offset, count);
        audience.grown();
        if (count < length) {
            tellLater();
        }
        return count;
    }

    @Override
    public void writeLent(ByteBuffer lent, long address, int offset, int length) {
        if (mode == Mode.PASSING) {
            to().writeLent(lent, address, offset, length);
        } else if (mode == Mode.STORING && tail != null) {
            tail.pass(lent, offset, length);
        } else if (mode == Mode.STORING && recorder.room() < length) {
            if (recorder.stored.available + length > cache.config.objectMax()) {
                stopStoring(lent, offset, length);
            } else {
                recorder.write(address + offset, length,
                        () -> pieceWritten(lent, offset, length));
            }
        } else {
            if (mode == Mode.STORING) {
                recorder.copy(lent, offset, length);
                audience.grown();
            }
            tellLater();
        }
    }

    @Override
    public void writeFile(int fd, long offset, long length) {
        assert mode != Mode.STORING : "a page that stands for an error";
        if (mode == Mode.PASSING) {
            to().writeFile(fd, offset, length);
        }
    }

    private void pieceWritten(ByteBuffer lent, int offset, int length) {
        if (mode != Mode.STORING) {
            recorder.discardFile();
            return;
        }
        if (recorder.isBroken()) {
            stopStoring(lent, offset, length);
            return;
        }
        audience.grown();
        if (bodyEnded) {
            store();
        } else {
            exchange.responder.onClientWritable(exchange);
        }
    }

    /** It is too long, or the disk does not take it: whoever reads it gets it all the same. */
    private void stopStoring(ByteBuffer lent, int offset, int length) {
        tail = new Tail(this, recorder.stored.available, bodyEnded);
        recorder.discardFile();
        facts.passed();
        tail.pass(lent, offset, length);
    }

    @Override
    public void wantDrain() {
        if (mode == Mode.PASSING) {
            to().wantDrain();
        } else {
            tellLater();
        }
    }

    @Override
    public void trailers(ByteBuffer lines, int length) {
        if (mode == Mode.PASSING) {
            to().trailers(lines, length);
        }
    }

    /** The leader's stream has taken what was given. */
    void leaderWritable() {
        exchange.responder.onClientWritable(exchange);
    }

    // ---- ends

    @Override
    public void endResponse() {
        bodyEnded = true;
        switch (mode) {
            case PASSING -> to().endResponse();
            case STORING -> {
                if (tail != null) {
                    tail.end();
                } else if (!recorder.isWorking()) {
                    store();
                }
            }
            case CONFIRMED -> store();
            default -> atEndOfTurn();
        }
    }

    /** The whole answer is here. Readers have it at once; the file comes behind. */
    private void store() {
        Stored s = recorder.stored;
        s.complete = true;
        s.bodyBytes = s.available;
        audience.passFacts();
        audience.grown();
        if (!facts.mayKeep()) {
            recorder.discardFile();
            facts.notKept();
            end();
            return;
        }
        recorder.finish(facts.place(), facts.marker(), facts.markerPlace(), serial -> {
            if (serial != 0) {
                facts.kept(s, serial);
            }
            end();
        });
    }

    /** The passed answer has ended with the leader's exchange. */
    void passEnded() {
        audience.passFacts();
        audience.begin(null);
        if (!bodyEnded) {
            giveUp();
        } else {
            end();
        }
    }

    @Override
    public void abort(Termination reason) {
        exchange.terminate(reason);
        exchange.responder = Responder.NONE;
        if (mode == Mode.PASSING) {
            audience.passFacts();
            audience.cut(reason);
            end();
        } else if (mode == Mode.STORING) {
            recorder.stored.failed = true;
            audience.passFacts();
            audience.cut(reason);
            if (!recorder.isWorking()) {
                recorder.discardFile();
            }
            end();
        } else {
            // Those who read what a 304 has confirmed have all of it.
            audience.cutWaiting(reason);
            giveUpLater();
        }
    }

    @Override
    public void endOfTurn() {
        if (mode == Mode.ENDED) {
            return;
        }
        if (mode == Mode.DISCARDING && (drops || bodyEnded)) {
            giveUp();
        } else if (tells) {
            tells = false;
            exchange.responder.onClientWritable(exchange);
        }
    }
}
