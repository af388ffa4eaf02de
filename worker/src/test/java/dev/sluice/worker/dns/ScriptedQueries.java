package dev.sluice.worker.dns;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Servers that answer in the turn in which they are asked, or never. Owner: event loop. */
final class ScriptedQueries implements Queries {

    final List<String> asked = new ArrayList<>();
    final Map<String, Reply> replies = new HashMap<>();
    boolean silent;
    int cancelled;
    private final DnsLoop loop;

    ScriptedQueries(DnsLoop loop) {
        this.loop = loop;
    }

    void set(String name, RecordType type, long ttlS, String... addresses) {
        replies.put(name + " " + type, Reply.addresses(
                Arrays.stream(addresses).map(InetAddress::ofLiteral).toList(), ttlS));
    }

    @Override
    public Pending ask(
            InetSocketAddress server, String name, RecordType type, Consumer<Reply> onReply) {
        asked.add(server.getAddress().getHostAddress() + " " + name + " " + type);
        boolean[] gone = new boolean[1];
        if (!silent) {
            Reply reply = replies.getOrDefault(name + " " + type, Reply.none("no such name"));
            loop.loop.execute(() -> {
                if (!gone[0]) {
                    onReply.accept(reply);
                }
            });
        }
        return () -> {
            gone[0] = true;
            cancelled++;
        };
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}
