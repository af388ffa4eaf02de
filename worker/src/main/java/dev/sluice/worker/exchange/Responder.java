package dev.sluice.worker.exchange;

/**
 * Who is told what happens at the client's side while an answer is under way. All calls come on
 * the loop and only between {@link ContentHandler#handle} and the end of the exchange.
 */
public interface Responder {

    /** Answers everything at once and needs no callback. */
    Responder NONE = new Responder() {
        @Override
        public void onRequestBodyReadable(Exchange x) {
            // The stream discards what nobody reads.
        }

        @Override
        public void onClientWritable(Exchange x) {
            // All was given at once.
        }

        @Override
        public void onClientGone(Exchange x) {
            // Nothing is held.
        }
    };

    /** {@link ClientStream#readBody} answered 0 before; now it may have something. */
    void onRequestBodyReadable(Exchange x);

    /**
     * Everything that was given has been taken by the kernel: lent memory is free again and more
     * may be given.
     */
    void onClientWritable(Exchange x);

    /**
     * The client is gone or was given up ({@link Exchange#termination} says why). Drop everything
     * held for the exchange; the stream must not be called any more.
     */
    void onClientGone(Exchange x);
}
