package dev.sluice.worker.exchange;

import dev.sluice.common.config.PathTemplate;
import dev.sluice.common.counters.Termination;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.http.RequestHead;
import dev.sluice.worker.loop.LoopContext;
import java.nio.ByteBuffer;

/**
 * One request and its response, from the complete head to the access log line. Reused: a stream
 * owns one and {@link #begin}s it for each request, so nothing may be kept after {@link #end}.
 *
 * <p>Owner: event loop. Fields are public because this is the record that every phase fills in;
 * each says who writes it.
 */
public final class Exchange {

    public static final int NO_QUERY = -1;
    public static final long NOT_MEASURED = -1;

    public final LoopContext ctx;
    /** Written by the parser; its ranges are valid until the end of the exchange. */
    public final RequestHead request;
    /** Where the request came from and the answer goes; a gate may put itself in front of it. */
    public ClientStream client;
    private final ClientStream ownClient;
    /** Where phases are run again after an internal redirect: set once, at boot. */
    public final RequestHandler router;

    /** Changes the form of the answer's body; null for nobody. Written by a gate. */
    public BodyCoding coding;

    /** The exchange that a sub-request is made for; null for a request of a client. */
    public Exchange parent;

    /** Written by the dispatcher. */
    public Server server;
    public Location location;
    /** The canonical path (see PathNormaliser): what is matched, served and sent on. */
    public ByteBuffer pathBuffer;
    public int pathOffset;
    public int pathLength;
    /** Query without '?'; length {@link #NO_QUERY} when there is none. */
    public ByteBuffer queryBuffer;
    public int queryOffset;
    public int queryLength;
    /** Set when a rewrite or an internal redirect has changed the path since it was received. */
    public boolean pathChanged;
    /** Internal redirects and relocations so far; bounded by the dispatcher. */
    public int redirects;
    /** Which gate of the location is next; written by the dispatcher. */
    public int gateIndex;
    /** Which gates it walks through: those of its server, or of its location. */
    public Gate[] gates;
    /**
     * 0 outside error pages. In one: the status to send it with, or below zero when the page's own
     * status is to be sent; see {@link #statusToSend}.
     */
    public int errorStatus;
    /** An error page is fetched: by GET, and what the client sent as a body is not for it. */
    public boolean fetchesPage;
    /** A part of the request has been sent to a peer, which may have acted on it. */
    public boolean passedOn;
    /** Captures of the last regular expression that matched, by group. Null when none. */
    public String[] captures;
    /** Groups with a name, by their place in {@code NamePlaces}; null until one has matched. */
    public String[] named;
    /** Parameters of the template that found the location last: see {@link #keepParameters}. */
    private int[] parameterPlaces;
    private int[] parameterRanges;
    private ByteBuffer parameterBuffer;
    /** Whoever wants to hear of each step; null for nobody. Written by the dispatcher. */
    public Steps steps;
    /** Its record of the flight recorder; 0 for none yet. */
    public long flightSerial;
    /** The number behind $request_id: 0 until somebody asks for it. */
    public long requestSerial;
    /** For a canonical path that is not the received one; made when first needed, then kept. */
    public ByteBuffer pathMemory;

    /** WWW-Authenticate of an answer with status 401; null without. Written by a gate. */
    public byte[] challenge;
    /** The line that a 405 or 416 must have (Allow, Content-Range) and its page; null without. */
    public byte[] statusLine;
    /** Retry-After of a 503 or a refusal by a limit, in seconds; 0 to say nothing. */
    public int retryAfterS;
    /** What the limits decided; written by their gate, as are the next three. */
    public LimitStatus limitStatus;
    /** The same of the limits of connections; written by their gate. */
    public LimitStatus holdStatus;
    /** Who counts this exchange as in progress, null for nobody; and its own mark for it. */
    public Holder holder;
    public int held;
    /** Which limit of the configuration has the least left for this key; below zero for none. */
    public int limitPlace;
    /** Requests that it would admit now, and when it will be at rest. */
    public long limitRemaining;
    public long limitResetNs;

    /** Status of the answer; 0 until its head is begun. Written by the stream. */
    public int status;
    /** Bytes given to the kernel or queued: with head, and body alone. Written by the stream. */
    public long bytesSent;
    public long bodyBytesSent;
    /**
     * The head of the answer as it was sent, for $sent_http_NAME; while it is being written, as far
     * as it is written. Written by the stream and its rules.
     */
    public ByteBuffer sentHead;
    public int sentHeadOffset;
    public int sentHeadLength;
    /** Head and body bytes received. Written by the stream. */
    public long requestBytes;
    /** When the first byte of the request was read: loop time, and wall time. */
    public long startNs;
    public long startMs;

    /** Those before the last one; null until there was one. */
    PastTries pastTries;
    /** Facts of the last peer tried; written by the proxy. */
    public String upstreamAddress;
    public int upstreamStatus;
    public int upstreamTries;
    /** Why the last peer that failed did; null when none has. */
    public Termination upstreamError;
    public long upstreamConnectNs;
    public long upstreamHeaderNs;
    public long upstreamResponseNs;

    /** What a cache did for it; written by the cache. */
    public CacheStatus cacheStatus;
    /** Why it goes past the cache, parameters of RFC 9211 §2; null when it does not; its, too. */
    public byte[] pastCache;
    /** Date of an answer that was made before (RFC 9110 §6.6.1), in seconds; below zero: now. */
    public long dateS;

    public ExchangeState state;
    /** How it ended; DONE unless somebody says otherwise, first one wins. */
    public Termination termination;
    /** Whoever wants to know of the client's side; set by the content handler. */
    public Responder responder;
    /** The handler's own object while it answers; whoever sets it clears it. */
    public Object handlerState;
    /** What modules keep with the exchange, by the places of their slots; null without any. */
    public Object[] slots;
    /** What modules see of the exchange; null until one is called. */
    public Object view;
    /** Run once when the exchange ends, before the log line is written; null when unused. */
    public ExchangeLog onEnd;

    public Exchange(LoopContext ctx, RequestHead request, ClientStream client,
            RequestHandler router) {
        this.ctx = ctx;
        this.request = request;
        this.client = client;
        this.ownClient = client;
        this.router = router;
        state = ExchangeState.ENDED;
    }

    /** Starts the next request; called by the stream when its first byte has been read. */
    public void begin(long nowNs, long nowMs) {
        assert state == ExchangeState.ENDED;
        client = ownClient;
        coding = null;
        parent = null;
        server = null;
        location = null;
        pathBuffer = null;
        pathLength = 0;
        queryBuffer = null;
        queryLength = NO_QUERY;
        pathChanged = false;
        redirects = 0;
        gateIndex = 0;
        limitStatus = LimitStatus.NONE;
        holdStatus = LimitStatus.NONE;
        holder = null;
        limitPlace = -1;
        errorStatus = 0;
        fetchesPage = false;
        passedOn = false;
        captures = null;
        named = null;
        parameterPlaces = null;
        steps = null;
        flightSerial = 0;
        requestSerial = 0;
        challenge = null;
        statusLine = null;
        retryAfterS = 0;
        status = 0;
        bytesSent = 0;
        bodyBytesSent = 0;
        sentHead = null;
        sentHeadLength = 0;
        requestBytes = 0;
        startNs = nowNs;
        startMs = nowMs;
        PastTries.clear(pastTries);
        upstreamAddress = null;
        upstreamStatus = 0;
        upstreamTries = 0;
        upstreamError = null;
        upstreamConnectNs = NOT_MEASURED;
        upstreamHeaderNs = NOT_MEASURED;
        upstreamResponseNs = NOT_MEASURED;
        cacheStatus = CacheStatus.NONE;
        pastCache = null;
        dateS = -1;
        termination = Termination.DONE;
        responder = Responder.NONE;
        handlerState = null;
        slots = null;
        view = null;
        onEnd = null;
        state = ExchangeState.ROUTING;
    }

    /**
     * Keeps the parameters of a path template, wherever the path may be rewritten to.
     *
     * @param of the location that the template belongs to
     * @param ranges begin and end of each in the path's buffer; copied
     */
    public void keepParameters(Location of, int[] ranges) {
        if (parameterRanges == null) {
            parameterRanges = new int[2 * PathTemplate.PARAMETERS_MAX];
        }
        parameterPlaces = of.parameterPlaces();
        parameterBuffer = pathBuffer;
        System.arraycopy(ranges, 0, parameterRanges, 0, 2 * parameterPlaces.length);
    }

    /**
     * One more peer is asked; nothing is known of what it does.
     *
     * @param first whether it is the first that its location asks
     */
    public void attemptBegins(String peer, boolean first) {
        PastTries.keep(this, first);
        upstreamTries++;
        upstreamAddress = peer;
        upstreamStatus = 0;
        upstreamConnectNs = NOT_MEASURED;
        upstreamHeaderNs = NOT_MEASURED;
        upstreamResponseNs = NOT_MEASURED;
        if (steps != null) {
            steps.step(this, "peer chosen", "attempt " + upstreamTries);
        }
    }

    /** Another location serves it: what the last one's gates wanted of the answer is over. */
    public void leaveLocation() {
        if (client != ownClient) {
            client.leaveLocation();
        }
    }

    /** A sub-request knows what the request it is made for has captured, and has its number. */
    public void inherit(Exchange of) {
        captures = of.captures;
        named = of.named == null ? null : of.named.clone();
        parameterPlaces = of.parameterPlaces;
        parameterRanges = of.parameterPlaces == null ? parameterRanges
                : of.parameterRanges.clone();
        parameterBuffer = of.parameterBuffer;
        requestSerial = of.requestSerial;
    }

    /**
     * As {@link #inherit}, of an exchange that may end before this one: what it refers to has been
     * copied, its head to the same places.
     *
     * @param pathMoved how much further the path lies there, where it was not in the head
     * @return false when it refers to what was not copied
     */
    public boolean inheritCopied(Exchange of, ByteBuffer copy, int pathMoved) {
        inherit(of);
        if (parameterPlaces == null || parameterBuffer == of.request.buffer()) {
            parameterBuffer = copy;
            return true;
        }
        if (parameterBuffer != of.pathBuffer) {
            return false;
        }
        parameterBuffer = copy;
        for (int i = 0; i < 2 * parameterPlaces.length; i++) {
            parameterRanges[i] += pathMoved;
        }
        return true;
    }

    /** Writes a parameter as it is in the canonical path. @return false if there is none such */
    public boolean putParameter(int place, ByteSink out) {
        if (parameterPlaces == null) {
            return false;
        }
        for (int i = 0; i < parameterPlaces.length; i++) {
            if (parameterPlaces[i] == place) {
                int from = parameterRanges[2 * i];
                out.put(parameterBuffer, from, parameterRanges[2 * i + 1] - from);
                return true;
            }
        }
        return false;
    }

    /** The heads of request and answer lie elsewhere from now on: the request's, where it was. */
    public void headsMoved(ByteBuffer to, int sentHeadAt) {
        ByteBuffer from = request.buffer();
        pathBuffer = pathBuffer == from ? to : pathBuffer;
        queryBuffer = queryBuffer == from ? to : queryBuffer;
        parameterBuffer = parameterBuffer == from ? to : parameterBuffer;
        request.headers.moveTo(to);
        sentHead = to;
        sentHeadOffset = sentHeadAt;
    }

    /** Shows variables a head that is still being written, as far as it is. */
    public void showHead(ByteSink head, int from) {
        sentHead = head.buffer();
        sentHeadOffset = from;
        sentHeadLength = head.position() - from;
    }

    /** The status of an answer that by itself would have {@code own}. */
    public int statusToSend(int own) {
        return errorStatus > 0 ? errorStatus : own;
    }

    /** Why it goes wrong: the first reason stays. */
    public void terminate(Termination reason) {
        if (termination == Termination.DONE) {
            termination = reason;
        }
    }

    /** The only end: counts it, writes its log lines, lets go of everything. */
    public void end() {
        assert state != ExchangeState.ENDED : "an exchange ends once";
        ExchangeLog watcher = onEnd;
        if (watcher != null) {
            onEnd = null;
            watcher.ended(this);
        }
        if (coding != null) {
            coding.ended(this);
            coding = null;
        }
        if (holder != null) {
            holder.release(this);
        }
        boolean logged = parent == null;
        if (logged) {
            count();
        }
        if (steps != null) {
            steps.step(this, "exchange ended: " + termination.label() + ", status " + status,
                    requestBytes + " bytes in, " + bytesSent + " bytes out");
        }
        state = ExchangeState.ENDED;
        if (logged && location != null) {
            for (ExchangeLog log : location.logs) {
                log.ended(this);
            }
        }
        responder = Responder.NONE;
        handlerState = null;
        slots = null;
        view = null;
    }

    /** Since its first byte came, in nanoseconds of the loop's clock. */
    public long durationNs() {
        return ctx.clock.nowNs() - startNs;
    }

    private void count() {
        long durationNs = durationNs();
        if (server != null) {
            server.counters.recordRequest(status, requestBytes, bytesSent, durationNs);
        }
        if (location != null && location.counters != null) {
            location.counters.recordRequest(status, requestBytes, bytesSent, durationNs);
        }
        if (upstreamHeaderNs >= 0 && location != null && location.headerTimes != null) {
            location.connectTimes.recordTime(upstreamConnectNs);
            location.headerTimes.recordTime(upstreamHeaderNs);
        }
        ctx.counters.termination(termination.ordinal());
        if (ctx.flight != null) {
            FlightFacts.end(this, ctx.flight, durationNs);
        }
        if (ctx.exchangeEnds != null) {
            ctx.exchangeEnds.accept(this);
        }
    }
}
