package dev.sluice.master;

import dev.sluice.common.config.ListenConfig;
import dev.sluice.common.config.LocationConfig;
import dev.sluice.common.config.PeerConfig;
import dev.sluice.common.config.ProxyConfig;
import dev.sluice.common.config.ReturnConfig;
import dev.sluice.common.config.ServerConfig;
import dev.sluice.common.config.SluiceConfig;
import dev.sluice.common.config.StaticConfig;
import dev.sluice.common.config.StreamConfig;
import dev.sluice.common.config.UpstreamConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * What a configuration serves, one line for each thing, for the screen of who starts it.
 *
 * <pre>
 *   http://127.0.0.1:8080/        site: static /srv/www
 *   http://127.0.0.1:8080/api/    site: http://demo (127.0.0.1:8081)
 *   http://127.0.0.1:8080/healthz site: 200 while a worker answers
 * </pre>
 *
 * <p>Stateless; any thread.
 */
final class ServesText {

    private static final int PEERS_SHOWN_MAX = 4;
    /** Of thousands of locations only the first are worth a line of the screen. */
    private static final int LOCATIONS_SHOWN_MAX = 20;

    /** @param where path or pattern; @param what what answers there */
    private record Thing(String where, String what) {}

    private ServesText() {}

    /** @param portOf the real port of a listen key, which differs where the file says 0 */
    static List<String> lines(SluiceConfig config, ToIntFunction<String> portOf) {
        List<String> lines = new ArrayList<>();
        for (ServerConfig server : config.servers()) {
            List<Thing> things = things(server, config.upstreams());
            int width = things.stream().mapToInt(t -> t.where().length()).max().orElse(0);
            for (ListenConfig listen : server.listens()) {
                String url = url(listen, portOf);
                for (Thing thing : things) {
                    String where = thing.where() + " ".repeat(width - thing.where().length());
                    lines.add(url + where + " " + server.name() + ": " + thing.what());
                }
            }
        }
        for (StreamConfig stream : config.streams()) {
            for (ListenConfig listen : stream.listens()) {
                String name = stream.proxy().choice() == null ? stream.proxy().upstream()
                        : stream.proxy().choice().name();
                String scheme = listen.udp() ? "udp://" : listen.ssl() ? "tls://" : "tcp://";
                lines.add(scheme + address(listen, portOf) + " " + stream.name() + ": " + name
                        + peers(name, config.upstreams()));
            }
        }
        return lines;
    }

    private static String url(ListenConfig listen, ToIntFunction<String> portOf) {
        return listen.unixPath() != null ? "unix:" + listen.unixPath()
                : (listen.ssl() ? "https://" : "http://") + address(listen, portOf);
    }

    private static String address(ListenConfig listen, ToIntFunction<String> portOf) {
        if (listen.unixPath() != null) {
            return listen.unixPath();
        }
        String host = listen.host();
        // The address a person can open: "any address" includes this machine's own.
        String shown =
                switch (host) {
                    case "0.0.0.0" -> "127.0.0.1";
                    case "::" -> "[::1]";
                    default -> host.indexOf(':') >= 0 ? "[" + host + "]" : host;
                };
        return shown + ":" + portOf.applyAsInt(listen.key());
    }

    private static List<Thing> things(ServerConfig server, List<UpstreamConfig> upstreams) {
        List<Thing> things = new ArrayList<>();
        List<LocationConfig> locations = server.locations();
        StaticConfig statics = server.fallback().statics();
        if (server.ret() != null) {
            things.add(new Thing("/", describe(server.ret())));
        } else if (statics != null && statics.root() != null
                && locations.stream().noneMatch(l -> where(l).equals("/"))) {
            things.add(new Thing("/", "static " + statics.root()));
        }
        if (server.ret() == null) {
            int shown = Math.min(locations.size(), LOCATIONS_SHOWN_MAX);
            for (LocationConfig location : locations.subList(0, shown)) {
                things.add(new Thing(where(location), describe(location, upstreams)));
            }
            if (shown < locations.size()) {
                things.add(new Thing("...", locations.size() - shown + " more locations"));
            }
        }
        things.add(new Thing("/healthz", "200 while a worker answers"));
        if (server.metrics()) {
            things.add(new Thing("/metrics", "totals of all workers, for Prometheus"));
        }
        return things;
    }

    private static String where(LocationConfig location) {
        String modifier = location.match().modifier();
        return modifier.isEmpty() || modifier.equals("=") || modifier.equals("^~")
                ? location.pattern() : " " + modifier + " " + location.pattern();
    }

    private static String describe(LocationConfig location, List<UpstreamConfig> upstreams) {
        ProxyConfig proxy = location.proxy();
        if (proxy != null) {
            return "http://" + proxy.upstream() + peers(proxy.upstream(), upstreams);
        }
        if (location.ret() != null) {
            return describe(location.ret());
        }
        StaticConfig statics = location.statics();
        String folder = statics.alias() != null ? statics.alias() : statics.root();
        return folder == null ? "404" : "static " + folder;
    }

    private static String describe(ReturnConfig ret) {
        return "return " + ret.status();
    }

    private static String peers(String name, List<UpstreamConfig> upstreams) {
        for (UpstreamConfig upstream : upstreams) {
            if (upstream.name().equals(name)) {
                List<String> texts = upstream.peers().stream().map(PeerConfig::text).toList();
                if (texts.size() == 1 && texts.getFirst().equals(name)) {
                    return "";
                }
                int shown = Math.min(texts.size(), PEERS_SHOWN_MAX);
                int hidden = texts.size() - shown;
                String more = hidden > 0 ? " and " + hidden + " more" : "";
                return " (" + String.join(" ", texts.subList(0, shown)) + more + ")";
            }
        }
        return "";
    }
}
