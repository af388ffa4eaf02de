package dev.sluice.worker.dns;

import java.net.InetSocketAddress;
import java.util.function.Consumer;

/** Asks one server one question. Owner: event loop. */
interface Queries {

    /** A question under way. */
    interface Pending {
        /** The answer is not waited for any longer; {@code onReply} is not called. */
        void cancel();
    }

    /**
     * Sends a question. {@code onReply} is called at most once, on the loop, after this call has
     * returned; a server that stays silent or sends garbage calls nothing.
     */
    Pending ask(InetSocketAddress server, String name, RecordType type, Consumer<Reply> onReply);

    /** Closes what is open. */
    void close();
}
