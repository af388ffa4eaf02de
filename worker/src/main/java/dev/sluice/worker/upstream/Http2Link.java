package dev.sluice.worker.upstream;

import dev.sluice.common.config.Http2PeerConfig;
import dev.sluice.common.counters.PeerCounters;
import dev.sluice.common.counters.Termination;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.http2.ErrorCode;
import dev.sluice.worker.http2.FloodGuard;
import dev.sluice.worker.http2.OpenStreams;
import dev.sluice.worker.http2.Settings;
import dev.sluice.worker.loop.TurnEnd;

/**
 * A connection of HTTP/2 to a peer (RFC 9113) and the streams on it. Making the connection,
 * encrypting it and moving its bytes is the business of its {@link UpstreamConnection}; what comes
 * in is read by {@link Http2LinkInput}, what goes out is written by {@link Http2LinkOutput}.
 *
 * <p>Owner: event loop.
 */
final class Http2Link implements ConnectionUser, TurnEnd {

    private static final String NAME = "h2";
    /** A peer that says nothing else of it takes so many streams (RFC 9113 §6.5.2). */
    private static final int STREAMS_AT_FIRST = 100;
    private static final int CONTROL_FRAMES_MAX = 10_000;

    final Http2Memory memory;
    final Transport transport;
    final Settings settings = new Settings();
    final FloodGuard guard = new FloodGuard(CONTROL_FRAMES_MAX, CONTROL_FRAMES_MAX);
    final Http2LinkOutput output;
    private final Http2LinkInput input;
    private final Connector connector;
    private final Http2PeerConfig config;
    /** Null for a connection of its own, which ends with its only stream. */
    private final Http2Links links;
    UpstreamConnection connection;
    private Http2LinkState state = Http2LinkState.CONNECTING;
    final OpenStreams<Http2PeerStream> streams = new OpenStreams<>();
    private final Http2Liveness liveness;
    private int nextId = 1;
    private int servedCount;
    /** The peer has said which stream was the last. */
    private boolean goneAway;
    private boolean queued;

    Http2Link(Connector connector, Http2Links links, Transport transport) {
        this.connector = connector;
        this.links = links;
        this.transport = transport;
        config = transport.config.http2();
        liveness = new Http2Liveness(config);
        memory = connector.http2();
        output = new Http2LinkOutput(this);
        input = new Http2LinkInput(this, memory);
        settings.maxStreams = STREAMS_AT_FIRST;
    }

    private void become(Http2LinkState next) {
        assert state.mayBecome(next) : state + " to " + next;
        state = next;
    }

    boolean isOpen() {
        return state == Http2LinkState.OPEN || state == Http2LinkState.LEAVING;
    }

    // ---- the connection

    Opened open(Peer peer, PeerAddresses at, PeerCounters counted, long timeoutNs) {
        Opened outcome = connector.openSocket(peer, at, counted, this, transport, timeoutNs);
        if (outcome != Opened.FAILED) {
            connection = connector.openedSocket();
        }
        if (outcome == Opened.FAILED || outcome == Opened.CONNECTED && !begin()) {
            state = Http2LinkState.CLOSED;
            return Opened.FAILED;
        }
        return outcome;
    }

    /** The connection is there: says what every connection begins with. @return false: failed */
    private boolean begin() {
        if (transport.tls != null && !NAME.equals(connection.protocol())) {
            connector.failure = ConnectFailure.noHttp2();
            connection.discard();
            connection = null;
            return false;
        }
        become(Http2LinkState.OPEN);
        connection.become(UpstreamState.SENDING);
        connection.become(UpstreamState.STREAMING);
        guard.reset(nowNs());
        output.begin();
        input.begin();
        heard();
        if (!output.greet()) {
            connector.failure = ConnectFailure.noMemory();
            close();
            return false;
        }
        setDeadline();
        return true;
    }

    @Override
    public void writePreface(ByteSink out) {
        throw new IllegalStateException("a PROXY header speaks of one client");
    }

    @Override
    public void onConnected(PeerStream c) {
        assert c == connection;
        if (!begin()) {
            onConnectFailed(connector.failure);
            return;
        }
        // Those that wait may begin, give up, or bring others.
        for (int i = streams.count() - 1; i >= 0; i--) {
            if (i < streams.count() && streams.at(i).state() == UpstreamState.CONNECTING) {
                streams.at(i).user.onConnected(streams.at(i));
            }
        }
    }

    @Override
    public void onConnectFailed(ConnectFailure why) {
        state = Http2LinkState.CLOSED;
        connection = null;
        Http2Links.remove(links, this);
        while (streams.count() > 0) {
            Http2PeerStream stream = streams.at(streams.count() - 1);
            ConnectionUser user = stream.user;
            streams.remove(stream);
            stream.free();
            memory.giveBack(stream);
            user.onConnectFailed(why);
        }
    }

    private long nowNs() {
        return memory.ctx.clock.nowNs();
    }

    // ---- streams

    /** For one more stream, now or when it is connected. */
    boolean hasPlace() {
        return (state == Http2LinkState.OPEN || state == Http2LinkState.CONNECTING)
                && streams.count() < Math.min(config.streamsMax(), settings.maxStreams);
    }

    boolean isConnecting() {
        return state == Http2LinkState.CONNECTING;
    }

    /** Whether a last look finds it alive. */
    boolean isAlive() {
        input.advance();
        return state == Http2LinkState.OPEN;
    }

    Http2PeerStream stream(ConnectionUser user) {
        Http2PeerStream stream = memory.stream();
        stream.begin(this, user, streams.count() == 0 && servedCount > 0);
        streams.add(stream);
        servedCount++;
        if (streams.count() == 1 && isOpen()) {
            setDeadline();
        }
        return stream;
    }

    /** The stream's head is about to be sent. @return false when it cannot be any more */
    boolean number(Http2PeerStream stream) {
        if (!isOpen() || goneAway || nextId < 0) {
            stream.fail(Termination.UPSTREAM_GOAWAY, null);
            return false;
        }
        stream.id = nextId;
        stream.sendWindow = settings.initialWindow;
        nextId += 2;
        return true;
    }

    boolean wasOpened(int id) {
        return (id & 1) == 1 && (nextId < 0 || id < nextId);
    }

    /** The stream is over, whatever became of it. */
    void left(Http2PeerStream stream) {
        streams.remove(stream);
        memory.giveBack(stream);
        if (links != null && servedCount >= links.peer.keepaliveRequests) {
            leave();
        }
        if (streams.count() > 0) {
            return;
        }
        if (isConnecting() && links == null) {
            state = Http2LinkState.CLOSED;
            connection.discard();
        } else if (links == null || links.peer.keepaliveNs() == 0
                || state == Http2LinkState.LEAVING) {
            drop();
        } else if (isOpen()) {
            setDeadline();
        }
    }

    /** There may be room for those that wait for some. */
    void wake() {
        streams.turn();
        for (int i = 0; i < streams.count() && isOpen(); i++) {
            wake(streams.inRound(i));
        }
    }

    void wake(Http2PeerStream stream) {
        stream.goOnEnding();
        if (stream.stuck && output.hasRoom(stream)) {
            stream.stuck = false;
            stream.user.onPeerReady(stream);
        }
    }

    // ---- events

    void gather() {
        memory.ctx.loop.atEndOfTurn(this);
    }

    @Override
    public boolean markQueued() {
        boolean was = queued;
        queued = true;
        return !was;
    }

    @Override
    public void clearQueued() {
        queued = false;
    }

    @Override
    public void endOfTurn() {
        flush();
        input.advance();
    }

    @Override
    public void onPeerReady(PeerStream c) {
        flush();
        input.advance();
    }

    private void flush() {
        while (isOpen() && !output.isEmpty() && connection.canWrite()) {
            if (!output.flush(connection)) {
                // The peer may have left a last word.
                connection.lookForLastWords();
                return;
            }
            wake();
        }
    }

    /** Something has come. */
    void heard() {
        liveness.heard(nowNs());
    }

    private void setDeadline() {
        boolean idle = streams.count() == 0 && links != null;
        connection.deadline(idle ? nowNs() + links.peer.keepaliveNs()
                : liveness.nextNs(nowNs()));
    }

    @Override
    public void onPeerTimeout(PeerStream c, Termination why) {
        if (streams.count() == 0) {
            drop();
            return;
        }
        switch (liveness.verdict(nowNs())) {
            case DEAD -> lost(Termination.UPSTREAM_READ_TIMEOUT, "a PING was not answered");
            case ASK -> {
                if (output.ping()) {
                    setDeadline();
                } else {
                    noRoom();
                }
            }
            case WAIT -> setDeadline();
        }
    }

    // ---- ends

    /** The peer takes no streams above this one (RFC 9113 §6.8). */
    void goAway(int lastStream) {
        leave();
        goneAway = true;
        for (int i = streams.count() - 1; i >= 0; i--) {
            if (i < streams.count() && streams.at(i).isAbove(lastStream)) {
                streams.at(i).fail(Termination.UPSTREAM_GOAWAY, null);
                tell(streams.at(i));
            }
        }
        if (streams.count() == 0) {
            drop();
        }
    }

    /** No more streams are begun. */
    private void leave() {
        if (state == Http2LinkState.OPEN) {
            become(Http2LinkState.LEAVING);
            Http2Links.remove(links, this);
        }
    }

    /** The addresses of the peer have changed, or the worker drains. */
    void retire() {
        leave();
        if (streams.count() == 0 && isOpen()) {
            drop();
        }
    }

    boolean leadsTo(PeerAddresses now) {
        return connection == null || connection.leadsTo(now);
    }

    /** Nobody uses it: closes it. */
    private void drop() {
        if (isOpen()) {
            output.goAway(ErrorCode.NO_ERROR);
            close();
        }
    }

    private void close() {
        output.flush(connection);
        for (int i = 0; i < streams.count(); i++) {
            if (!streams.at(i).endFrame()) {
                streams.at(i).fail(Termination.WORKER_OVERLOAD, null);
            }
        }
        state = Http2LinkState.CLOSED;
        Http2Links.remove(links, this);
        connection.discard();
        connection = null;
        input.release();
        output.release();
    }

    /** The peer has broken a rule of the connection. */
    void broken(int code, String why) {
        output.goAway(code);
        lost(Termination.UPSTREAM_PROTOCOL_ERROR, why);
    }

    /** Frames of the peer want answers that it does not read. */
    void noRoom() {
        broken(ErrorCode.ENHANCE_YOUR_CALM, "the peer reads no answers to its frames");
    }

    /** The connection ends with all its streams, whose users are told. */
    void lost(Termination why, String detail) {
        if (!isOpen()) {
            return;
        }
        close();
        for (int i = 0; i < streams.count(); i++) {
            Http2PeerStream stream = streams.at(i);
            if (!stream.isRemoteEnded()) {
                stream.fail(stream.headCame() && detail == null
                        ? Termination.UPSTREAM_CUT_BODY : why,
                        detail);
            }
        }
        // Each leaves, at once or later, and may bring another one elsewhere.
        for (int i = streams.count() - 1; i >= 0; i--) {
            if (i < streams.count()) {
                tell(streams.at(i));
            }
        }
    }

    /** One that was only just begun is looked at by its user before anything is sent. */
    private static void tell(Http2PeerStream stream) {
        if (stream.state() != UpstreamState.CONNECTING) {
            stream.user.onPeerReady(stream);
        }
    }

}
