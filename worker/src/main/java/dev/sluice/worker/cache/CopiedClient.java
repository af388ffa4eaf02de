package dev.sluice.worker.cache;

import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.arena.Slab;
import dev.sluice.worker.exchange.ClientStream;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.ProxiedEnds;
import dev.sluice.worker.exchange.TlsFacts;
import dev.sluice.worker.http.HeaderName;
import dev.sluice.worker.http.HeaderTable;
import dev.sluice.worker.http.RequestHead;
import dev.sluice.worker.loop.LoopContext;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A GET of its own with all that was asked by another exchange and is known of its client, in
 * memory of its own: the other one may end. It has no body and no conditions; what the cache itself
 * asks for is added.
 *
 * <p>Owner: event loop.
 */
abstract class CopiedClient extends ClientStream {

    private static final int ADDRESS_BYTES = 128;
    private static final long NS_PER_MS = 1_000_000;
    /** An answer is wanted whole, whatever a client has of it. */
    private static final int[] CONDITIONS = {
        HeaderName.RANGE, HeaderName.IF_RANGE, HeaderName.IF_MATCH, HeaderName.IF_NONE_MATCH,
        HeaderName.IF_MODIFIED_SINCE, HeaderName.IF_UNMODIFIED_SINCE
    };
    /** Fields that may be added. */
    static final int ADDED_MAX = 3;

    final LoopContext ctx;
    final Exchange exchange;
    private final RequestHead head;
    private final ByteBuffer addresses =
            ByteBuffer.allocate(2 * ADDRESS_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final ByteSink sink = new ByteSink();
    /** What was copied, and the key behind it; null while it is not in use. */
    Slab copy;
    int keyAt;
    int keyLength;
    private int end;
    private int socketEnd;
    private int localEnd;
    private int socketPort;
    private int localPort;
    private boolean secure;
    private TlsFacts tls;
    private ProxiedEnds proxied;
    private int listenIndex;
    private long serial;
    private int requests;

    CopiedClient(LoopContext ctx, Exchange first, int headersMax) {
        this.ctx = ctx;
        head = new RequestHead(headersMax + ADDED_MAX);
        exchange = new Exchange(ctx, head, this, first.router);
    }

    /**
     * Copies everything.
     *
     * @param key its bytes from 0 on
     * @return false when there is no memory for it; nothing is held then
     */
    final boolean begin(Exchange of, ByteBuffer key, int lengthOfKey) {
        copy = ctx.slabs.borrow();
        if (copy == null) {
            return false;
        }
        head.copyAsGet(of.request);
        long nowNs = ctx.clock.nowNs();
        exchange.begin(nowNs, of.startMs + (nowNs - of.startNs) / NS_PER_MS);
        // Gates have been passed, and it is in no log and no counter: the client's exchange is.
        exchange.parent = of;
        exchange.server = of.server;
        exchange.location = of.location;
        exchange.slots = of.slots;
        if (!copyHead(of) || !copyPath(of) || !copyKey(key, lengthOfKey)) {
            exchange.end();
            letGo();
            return false;
        }
        dropConditions();
        copyFacts(of.client);
        return true;
    }

    private boolean copyHead(Exchange of) {
        RequestHead r = of.request;
        HeaderTable h = r.headers;
        int from = Math.min(r.targetOffset, r.methodOffset);
        int to = Math.max(r.targetOffset + r.targetLength, r.methodOffset + r.methodLength);
        from = Math.min(from, Math.min(r.hostOffset, r.authorityOffset));
        to = Math.max(to, r.hostOffset + r.hostLength);
        to = Math.max(to, r.authorityOffset + r.authorityLength);
        from = Math.min(from, r.pathOffset);
        to = Math.max(to, r.pathOffset + r.pathLength);
        to = Math.max(to, r.queryOffset + Math.max(0, r.queryLength));
        for (int i = 0; i < h.count(); i++) {
            from = Math.min(from, h.nameOffset(i));
            // With the line's end, and up to eight bytes that names are read by.
            to = Math.max(to, h.valueOffset(i) + h.valueLength(i) + 2);
        }
        to = Math.min(to + 8, r.buffer().capacity());
        if (to > copy.size()) {
            return false;
        }
        copy.bytes.put(from, r.buffer(), from, to - from);
        head.headers.moveTo(copy.bytes);
        end = to;
        return true;
    }

    private boolean copyPath(Exchange of) {
        exchange.pathBuffer = copy.bytes;
        exchange.pathOffset = of.pathOffset;
        exchange.pathLength = of.pathLength;
        if (of.pathBuffer != of.request.buffer()) {
            exchange.pathOffset = append(of.pathBuffer, of.pathOffset, of.pathLength);
        }
        exchange.queryLength = of.queryLength;
        exchange.queryBuffer = copy.bytes;
        exchange.queryOffset = of.queryOffset;
        if (of.queryLength > 0 && of.queryBuffer != of.request.buffer()) {
            exchange.queryOffset = append(of.queryBuffer, of.queryOffset, of.queryLength);
        }
        exchange.pathChanged = of.pathChanged;
        exchange.redirects = of.redirects;
        return exchange.pathOffset >= 0 && exchange.queryOffset >= 0
                && exchange.inheritCopied(of, copy.bytes, exchange.pathOffset - of.pathOffset);
    }

    private boolean copyKey(ByteBuffer key, int length) {
        keyLength = length;
        keyAt = append(key, 0, length);
        return keyAt >= 0;
    }

    /** @return where it lies now, below zero when there is no room */
    private int append(ByteBuffer source, int from, int length) {
        if (end + length + 8 > copy.size()) {
            return -1;
        }
        int at = end;
        copy.bytes.put(at, source, from, length);
        end += length;
        return at;
    }

    private void dropConditions() {
        for (int id : CONDITIONS) {
            for (int i = head.headers.find(id); i >= 0; i = head.headers.findNext(id, i)) {
                head.headers.drop(i);
            }
        }
    }

    /** Adds a field to the request. @return false when there is no room for it */
    final boolean addField(int id, ByteBuffer value, int at, int length) {
        byte[] name = HeaderName.bytes(id);
        if (end + name.length + length + 4 + 8 > copy.size()) {
            return false;
        }
        int nameAt = end;
        sink.reset(copy.bytes, end, copy.size()).put(name).put(':').put(' ');
        int valueAt = sink.position();
        sink.put(value, at, length).put('\r').put('\n');
        end = sink.position();
        return head.headers.add(nameAt, name.length, valueAt, length, id);
    }

    private void copyFacts(ClientStream of) {
        claim.copy(of.claim);
        sink.reset(addresses, 0, ADDRESS_BYTES);
        of.socketAddress(sink);
        socketEnd = sink.position();
        sink.reset(addresses, ADDRESS_BYTES, 2 * ADDRESS_BYTES);
        of.localAddress(sink);
        localEnd = sink.position();
        socketPort = of.socketPort();
        localPort = of.localPort();
        secure = of.secure();
        tls = of.tls();
        proxied = of.proxied();
        listenIndex = of.listenIndex();
        serial = of.connectionSerial();
        requests = of.connectionRequests();
    }

    /** The memory is free again. */
    final void letGo() {
        ctx.slabs.giveBack(copy);
        copy = null;
        tls = null;
        proxied = null;
    }

    // ---- the request has no body

    @Override
    public final boolean bodyPending() {
        return false;
    }

    @Override
    public final long requestContentLength() {
        return 0;
    }

    @Override
    public final int readBody(ByteBuffer into, long address, int from, int limit) {
        return BODY_END;
    }

    @Override
    public final void discardBody() {
        // There is none.
    }

    // ---- what is known of the client

    @Override
    public final void socketAddress(ByteSink out) {
        out.put(addresses, 0, socketEnd);
    }

    @Override
    public final int socketPort() {
        return socketPort;
    }

    @Override
    public final void localAddress(ByteSink out) {
        out.put(addresses, ADDRESS_BYTES, localEnd - ADDRESS_BYTES);
    }

    @Override
    public final int localPort() {
        return localPort;
    }

    @Override
    public final ProxiedEnds proxied() {
        return proxied;
    }

    @Override
    public final boolean secure() {
        return secure;
    }

    @Override
    public final TlsFacts tls() {
        return tls;
    }

    @Override
    public final int listenIndex() {
        return listenIndex;
    }

    @Override
    public final long connectionSerial() {
        return serial;
    }

    @Override
    public final int connectionRequests() {
        return requests;
    }

    @Override
    public final boolean pipelined() {
        return false;
    }
}
