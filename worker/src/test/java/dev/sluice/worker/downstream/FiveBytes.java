package dev.sluice.worker.downstream;

import dev.sluice.worker.exchange.ClientStream;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.RequestHandler;
import dev.sluice.worker.http.HeaderName;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Answers with five bytes and makes no garbage. */
final class FiveBytes implements RequestHandler {

    private final byte[] type = "text/plain".getBytes(StandardCharsets.US_ASCII);
    private final ByteBuffer body = ByteBuffer.allocateDirect(5).put(0, "12345".getBytes(
            StandardCharsets.US_ASCII));

    @Override
    public void onRequest(Exchange x) {
        ClientStream client = x.client;
        client.beginHead(200);
        client.header(HeaderName.CONTENT_TYPE, type);
        client.endHead(5);
        client.writeCopy(body, 0, 5);
        client.endResponse();
    }

    @Override
    public void onBadRequest(Exchange x, int status) {
        throw new AssertionError(x.request.error);
    }

    @Override
    public void onInternalRedirect(Exchange x) {
        throw new AssertionError();
    }

    @Override
    public void onNamedLocation(Exchange x, String name) {
        throw new AssertionError();
    }

    @Override
    public void onGatePassed(Exchange x) {
        throw new AssertionError();
    }
}
