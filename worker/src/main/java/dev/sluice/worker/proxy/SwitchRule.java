package dev.sluice.worker.proxy;

import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.http.HeaderName;
import dev.sluice.worker.http.HeaderTable;
import dev.sluice.worker.http.RequestHead;
import dev.sluice.worker.http.ResponseHead;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** Whether a 101 opens the tunnel that the request asked for. Stateless. */
final class SwitchRule {

    /** For a request for a tunnel that was answered with 2xx, which would open one. */
    static final String NOT_SWITCHED = "the answer to a request for WebSocket is neither 101 nor"
            + " a refusal";
    /** RFC 6455 §1.3. */
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private SwitchRule() {}

    /** @return what is wrong with the 101; null for nothing */
    static String error(Exchange x, ResponseHead head) {
        if (!HeaderRewrite.asksForWebSocket(x) || !head.upgrade
                || !HeaderRewrite.namesWebSocket(head.headers)) {
            return "101 without a request to upgrade";
        }
        if (x.request.version != RequestHead.HTTP_2) {
            // The client has made the key and checks the answer to it.
            return null;
        }
        int accept = head.headers.find(HeaderName.SEC_WEBSOCKET_ACCEPT);
        String wanted = accept(value(x.request.headers,
                x.request.headers.find(HeaderName.SEC_WEBSOCKET_KEY)));
        if (accept < 0 || !value(head.headers, accept).equals(wanted)) {
            return "Sec-WebSocket-Accept does not answer the key";
        }
        // RFC 8441 §5: the client has no key that it could belong to.
        head.headers.drop(accept);
        return null;
    }

    private static String value(HeaderTable headers, int i) {
        byte[] value = new byte[headers.valueLength(i)];
        headers.buffer().get(headers.valueOffset(i), value);
        return new String(value, StandardCharsets.US_ASCII);
    }

    /** RFC 6455 §4.2.2. */
    private static String accept(String key) {
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            return Base64.getEncoder().encodeToString(
                    sha1.digest((key + GUID).getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-1", e);
        }
    }
}
