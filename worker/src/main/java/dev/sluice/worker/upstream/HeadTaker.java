package dev.sluice.worker.upstream;

import dev.sluice.worker.http.ResponseHead;

/** Who wants the head of a response that comes in frames. */
public interface HeadTaker {

    /** It is filled before {@link ConnectionUser#onPeerReady}; its bytes are lent until then. */
    ResponseHead headToFill();

    /** The longest head that is taken, in the measure of RFC 9113 §6.5.2. */
    int headBytesMax();

    /** The method that was asked by: one of the constants of {@code Method}. */
    int method();
}
