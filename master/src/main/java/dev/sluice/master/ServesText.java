package dev.sluice.master;

import dev.sluice.common.config.ListenConfig;
import dev.sluice.common.config.LocationConfig;
import dev.sluice.common.config.PeerConfig;
import dev.sluice.common.config.ProxyConfig;
import dev.sluice.common.config.ReturnConfig;
import dev.sluice.common.config.ServerConfig;
import dev.sluice.common.config.SluiceConfig;
import dev.sluice.common.config.StaticConfig;
import dev.sluice.common.config.UpstreamConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * What a configuration serves, one line per address and server, for the screen of who starts it.
 *
 * <pre>
 *   http://127.0.0.1:8080/ site: static /srv/www, /api/ -> http://demo (127.0.0.1:8081), /healthz
 * </pre>
 *
 * <p>Stateless; any thread.
 */
final class ServesText {

    private static final int PEERS_SHOWN_MAX = 4;

    private ServesText() {}

    /** @param portOf the real port of a listen key, which differs where the file says 0 */
    static List<String> lines(SluiceConfig config, ToIntFunction<String> portOf) {
        List<String> lines = new ArrayList<>();
        for (ServerConfig server : config.servers()) {
            String what = describe(server, config.upstreams());
            for (ListenConfig listen : server.listens()) {
                lines.add(url(listen, portOf) + " " + server.name() + ": " + what);
            }
        }
        return lines;
    }

    private static String url(ListenConfig listen, ToIntFunction<String> portOf) {
        if (listen.unixPath() != null) {
            return "unix:" + listen.unixPath();
        }
        String host = listen.host();
        // The address a person can open: "any address" includes this machine's own.
        String shown =
                switch (host) {
                    case "0.0.0.0" -> "127.0.0.1";
                    case "::" -> "[::1]";
                    default -> host.indexOf(':') >= 0 ? "[" + host + "]" : host;
                };
        return "http://" + shown + ":" + portOf.applyAsInt(listen.key()) + "/";
    }

    private static String describe(ServerConfig server, List<UpstreamConfig> upstreams) {
        List<String> parts = new ArrayList<>();
        if (server.ret() != null) {
            parts.add(describe(server.ret()));
        } else {
            StaticConfig statics = server.fallback().statics();
            if (statics != null && statics.root() != null) {
                parts.add("static " + statics.root());
            }
            for (LocationConfig location : server.locations()) {
                parts.add(describe(location, upstreams));
            }
        }
        parts.add("/healthz");
        if (server.metrics()) {
            parts.add("/metrics");
        }
        return String.join(", ", parts);
    }

    private static String describe(LocationConfig location, List<UpstreamConfig> upstreams) {
        String modifier = location.match().modifier();
        String pattern = location.pattern();
        String where = modifier.isEmpty() ? pattern : modifier + " " + pattern;
        ProxyConfig proxy = location.proxy();
        if (proxy != null) {
            return where + " -> http://" + proxy.upstream() + peers(proxy.upstream(), upstreams);
        }
        if (location.ret() != null) {
            return where + " " + describe(location.ret());
        }
        StaticConfig statics = location.statics();
        String folder = statics.alias() != null ? statics.alias() : statics.root();
        return folder == null ? where : where + " static " + folder;
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
