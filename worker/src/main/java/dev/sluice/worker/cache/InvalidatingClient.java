package dev.sluice.worker.cache;

import dev.sluice.worker.exchange.ClientInFront;
import dev.sluice.worker.exchange.Exchange;
import java.nio.ByteBuffer;

/**
 * In front of a client whose request may have changed what is stored (RFC 9111 §4.4): when its
 * answer is no error, the stored one is removed. One for such a request.
 *
 * <p>Owner: event loop.
 */
final class InvalidatingClient extends ClientInFront {

    private final Cache cache;
    private final long hash;

    private InvalidatingClient(Cache cache, long hash) {
        this.cache = cache;
        this.hash = hash;
    }

    /** @param hash of what is stored of the URL that the request is about */
    static void stand(Exchange x, Cache cache, long hash) {
        new InvalidatingClient(cache, hash).standFirst(x);
    }

    @Override
    public void beginHead(int status) {
        if (status >= 200 && status < 400) {
            cache.remove(hash);
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
