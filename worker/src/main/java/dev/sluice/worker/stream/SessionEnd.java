package dev.sluice.worker.stream;

import dev.sluice.common.counters.Termination;
import dev.sluice.common.log.Level;

/** What the end of a session is called. Stateless. */
final class SessionEnd {

    private SessionEnd() {
    }

    /** nginx's statuses of streams: what a session that was never passed on would be in HTTP. */
    static int status(Termination why, SessionState during) {
        if (during == SessionState.RELAYING) {
            return 200;
        }
        return switch (why.side()) {
            case CLIENT -> why == Termination.CLIENT_DENIED ? 403 : 400;
            case UPSTREAM -> 502;
            default -> why == Termination.WORKER_ERROR ? 500 : 503;
        };
    }

    /** How loud it is: what clients do is no news. */
    static Level level(Termination why) {
        return switch (why.side()) {
            case UPSTREAM -> Level.WARN;
            case WORKER -> why == Termination.WORKER_SHUTDOWN ? Level.INFO : Level.ERROR;
            default -> Level.INFO;
        };
    }
}
