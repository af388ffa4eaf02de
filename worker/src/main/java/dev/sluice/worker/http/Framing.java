package dev.sluice.worker.http;

/** How the end of a message body is found (RFC 9112 §6.3). Written at boot, then read-only. */
public enum Framing {
    /** There is no body: the message ends with the blank line after its head. */
    NONE,
    /** Exactly {@code contentLength} bytes follow the head; zero is allowed. */
    LENGTH,
    /** The chunked coding delimits the body. */
    CHUNKED,
    /** A response that ends when the peer closes; a request is never framed so. */
    UNTIL_CLOSE
}
