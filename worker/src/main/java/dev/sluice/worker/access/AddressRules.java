package dev.sluice.worker.access;

import dev.sluice.common.config.AccessRule;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.ClientStream;
import dev.sluice.worker.match.NetworkTable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * {@code allow} and {@code deny}: the first rule that holds the client's address decides. A client
 * whose address is none, which should not be, may not come.
 *
 * <p>Built at boot; its memory belongs to the event loop.
 */
public final class AddressRules {

    private static final int ADDRESS_BYTES_MAX = 128;
    private static final List<String> EVERYBODY =
            List.of("0.0.0.0/0", "::/0", AccessRule.UNIX);
    private static final int DENIED = 0;
    private static final int ALLOWED = 1;

    private final NetworkTable table;
    private final ByteSink sink = new ByteSink();
    private final ByteBuffer text = ByteBuffer.allocateDirect(ADDRESS_BYTES_MAX);

    public AddressRules(List<AccessRule> rules) {
        List<String> networks = new ArrayList<>();
        List<Integer> values = new ArrayList<>();
        for (AccessRule rule : rules) {
            List<String> named = rule.network().equals(AccessRule.ALL) ? EVERYBODY
                    : List.of(rule.network());
            networks.addAll(named);
            values.addAll(Collections.nCopies(named.size(), rule.allow() ? ALLOWED : DENIED));
        }
        // What no rule names may come.
        networks.addAll(EVERYBODY);
        values.addAll(Collections.nCopies(EVERYBODY.size(), ALLOWED));
        table = NetworkTable.inOrder(networks,
                values.stream().mapToInt(Integer::intValue).toArray());
    }

    public boolean admit(ClientStream client) {
        sink.reset(text, 0, ADDRESS_BYTES_MAX);
        client.remoteAddress(sink);
        return table.find(text, 0, sink.position()) == ALLOWED;
    }
}
