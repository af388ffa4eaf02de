package dev.sluice.common.config;

import java.util.List;

/**
 * How sessions are resumed.
 *
 * @param on whether clients get tickets
 * @param timeoutMs how long a session can be resumed
 * @param keyFiles secrets that several machines share, the one for new tickets first; empty for
 *     one that the master makes and renews
 */
public record TicketConfig(boolean on, long timeoutMs, List<String> keyFiles) {

    public TicketConfig {
        keyFiles = List.copyOf(keyFiles);
    }
}
