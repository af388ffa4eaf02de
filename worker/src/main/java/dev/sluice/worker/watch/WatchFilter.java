package dev.sluice.worker.watch;

import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.match.NetworkTable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which connections or exchanges an operator wants to see: words such as {@code server=www}, all
 * of which must hold. Owner: event loop.
 */
public final class WatchFilter {

    private static final int TEXT_BYTES_MAX = 128;
    private static final List<String> OF_EXCHANGES =
            List.of("server", "location", "path", "status", "upstream");

    private final Map<String, String> words = new HashMap<>();
    private final NetworkTable clients;
    private final byte[] path;
    private final ByteSink sink = new ByteSink();
    private final ByteBuffer text = ByteBuffer.allocate(TEXT_BYTES_MAX);

    /**
     * @param known names that may stand in front of the equals sign
     * @throws IllegalArgumentException a word is none of them, or its value cannot be
     */
    public WatchFilter(List<String> all, List<String> known) {
        for (String word : all) {
            int equals = word.indexOf('=');
            String name = equals < 0 ? "" : word.substring(0, equals);
            if (!known.contains(name)) {
                throw new IllegalArgumentException("\"" + word + "\" is none of "
                        + String.join("=, ", known) + "=");
            }
            words.put(name, word.substring(equals + 1));
        }
        String client = words.get("client");
        try {
            clients = client == null ? null : NetworkTable.of(List.of(client.split(",")));
        } catch (RuntimeException noNetwork) {
            throw new IllegalArgumentException("\"" + client + "\" is no network", noNetwork);
        }
        String status = words.get("status");
        if (status != null && !status.matches("[1-5](xx|[0-9]{2})")) {
            throw new IllegalArgumentException("\"" + status + "\" is neither 404 nor 4xx");
        }
        path = words.containsKey("path")
                ? words.get("path").getBytes(StandardCharsets.UTF_8) : null;
    }

    /** Null when there is no such word. */
    public String word(String name) {
        return words.get(name);
    }

    /** Whether only what has a request can match. */
    public boolean asksForExchange() {
        for (String name : OF_EXCHANGES) {
            if (words.containsKey(name)) {
                return true;
            }
        }
        return false;
    }

    /** A sink for the text of an address, for {@link #isClient}. */
    public ByteSink address() {
        return sink.reset(text, 0, TEXT_BYTES_MAX);
    }

    /** Whether the address that was written into {@link #address} is wanted. */
    public boolean isClient() {
        return clients == null || clients.find(text, 0, sink.position()) != NetworkTable.NONE;
    }

    /** Whether the client of an exchange is wanted, and all that is known of it. */
    public boolean matches(Exchange x) {
        if (clients != null) {
            x.client.remoteAddress(address());
            if (!isClient()) {
                return false;
            }
        }
        return is("server", x.server == null ? null : x.server.name())
                && is("location", x.location == null ? null : x.location.label)
                && hasPath(x) && hasStatus(x.status) && hasUpstream(x.upstreamAddress);
    }

    /** Whether a word is not asked for, or is this. */
    public boolean is(String name, String value) {
        String wanted = words.get(name);
        return wanted == null || wanted.equals(value);
    }

    private boolean hasStatus(int status) {
        String wanted = words.get("status");
        return wanted == null || (wanted.endsWith("xx") ? status / 100 == wanted.charAt(0) - '0'
                : Integer.parseInt(wanted) == status);
    }

    private boolean hasUpstream(String address) {
        String wanted = words.get("upstream");
        return wanted == null || address != null && address.contains(wanted);
    }

    /** By the beginning of the canonical path. */
    private boolean hasPath(Exchange x) {
        if (path == null) {
            return true;
        }
        if (x.pathBuffer == null || x.pathLength < path.length) {
            return false;
        }
        for (int i = 0; i < path.length; i++) {
            if (x.pathBuffer.get(x.pathOffset + i) != path[i]) {
                return false;
            }
        }
        return true;
    }
}
