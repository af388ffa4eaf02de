package dev.sluice.worker.cache;

import dev.sluice.worker.exchange.ClientInFront;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.http.HeaderName;
import dev.sluice.worker.http.HeaderTable;
import java.nio.ByteBuffer;

/**
 * In front of a client whose request may have changed what is stored (RFC 9111 §4.4): when its
 * answer is no error, the stored one is removed. One for such a request.
 *
 * <p>Owner: event loop.
 */
class InvalidatingClient extends ClientInFront {

    private static final int[] OTHER_URLS = {
        HeaderName.LOCATION, HeaderName.CONTENT_LOCATION
    };

    final CachePlan plan;
    final Exchange x;
    final byte[] key;

    InvalidatingClient(CachePlan plan, Exchange x, int keyLength) {
        this.plan = plan;
        this.x = x;
        key = new byte[keyLength];
        plan.cache.key.get(0, key);
    }

    /** @param keyLength of the key of the URL that the request is about, in {@link Cache#key} */
    static void stand(Exchange x, CachePlan plan, int keyLength) {
        new InvalidatingClient(plan, x, keyLength).standFirst(x);
    }

    /** What the answer names by Location and Content-Location may have changed, too. */
    @Override
    public void peerAnswers(int status, HeaderTable headers) {
        if (!isNoError(status)) {
            return;
        }
        for (int id : OTHER_URLS) {
            int i = headers.find(id);
            int length = i < 0 ? 0 : plan.writeKeyOf(x, headers.buffer(),
                    headers.valueOffset(i), headers.valueLength(i), plan.cache.keySink());
            if (length > 0) {
                plan.remove(length);
            }
        }
    }

    private static boolean isNoError(int status) {
        return status >= 200 && status < 400;
    }

    final void remove() {
        plan.cache.key.put(0, key);
        plan.remove(key.length);
    }

    @Override
    public void beginHead(int status) {
        if (isNoError(status)) {
            remove();
        }
        inner.beginHead(status);
    }

    @Override
    public boolean endHead(long contentLength) {
        return inner.endHead(contentLength);
    }

    @Override
    public boolean endHeadOfTunnel() {
        return inner.endHeadOfTunnel();
    }

    @Override
    public int room() {
        return inner.room();
    }

    @Override
    public int writeCopy(ByteBuffer source, int offset, int length) {
        return inner.writeCopy(source, offset, length);
    }

    @Override
    public void writeLent(ByteBuffer memory, long address, int offset, int length) {
        inner.writeLent(memory, address, offset, length);
    }

    @Override
    public void writeFile(int fd, long offset, long length) {
        inner.writeFile(fd, offset, length);
    }

    @Override
    public void endResponse() {
        inner.endResponse();
    }

    @Override
    public boolean bodyPending() {
        return inner.bodyPending();
    }

    @Override
    public long requestContentLength() {
        return inner.requestContentLength();
    }

    @Override
    public int readBody(ByteBuffer into, long address, int from, int limit) {
        return inner.readBody(into, address, from, limit);
    }

    @Override
    public void discardBody() {
        inner.discardBody();
    }
}
