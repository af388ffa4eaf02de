package dev.sluice.worker.route;

import dev.sluice.common.config.AccessConfig;
import dev.sluice.common.config.AccessLogConfig;
import dev.sluice.common.config.ClientConfig;
import dev.sluice.common.config.ErrorPageConfig;
import dev.sluice.common.config.EventsConfig;
import dev.sluice.common.config.HeaderRule;
import dev.sluice.common.config.HttpConfig;
import dev.sluice.common.config.LimitsConfig;
import dev.sluice.common.config.ListenConfig;
import dev.sluice.common.config.LocationConfig;
import dev.sluice.common.config.LocationConfig.Match;
import dev.sluice.common.config.LogFormatConfig;
import dev.sluice.common.config.MimeTypes;
import dev.sluice.common.config.ProxyConfig;
import dev.sluice.common.config.RetryConfig;
import dev.sluice.common.config.ReturnConfig;
import dev.sluice.common.config.RewriteConfig;
import dev.sluice.common.config.RewriteConfig.Flag;
import dev.sluice.common.config.RouteConfig;
import dev.sluice.common.config.ServerConfig;
import dev.sluice.common.config.ServerNameConfig;
import dev.sluice.common.config.ServerNameConfig.Kind;
import dev.sluice.common.config.SluiceConfig;
import dev.sluice.common.config.SourceLine;
import dev.sluice.common.config.StaticConfig;
import dev.sluice.common.config.StaticConfig.Symlinks;
import dev.sluice.common.config.TransportConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Configurations for tests of routing, written down shortly. Owner: one test thread. */
public final class Sites {

    private final List<ServerConfig> servers = new ArrayList<>();
    private final List<LogFormatConfig> formats = new ArrayList<>();

    /** A server under construction. */
    public static final class Site {
        private final String name;
        private final List<ListenConfig> listens = new ArrayList<>();
        private final List<ServerNameConfig> names = new ArrayList<>();
        private final List<RewriteConfig> rewrites = new ArrayList<>();
        private final List<LocationConfig> locations = new ArrayList<>();
        public ReturnConfig ret;
        public boolean metrics;
        public Place fallback = new Place(Match.PREFIX, "/");

        private Site(String name) {
            this.name = name;
        }

        public Site listen(int port, boolean isDefault) {
            listens.add(new ListenConfig(SourceLine.NONE, "0.0.0.0", port, null, 511, isDefault));
            return this;
        }

        public Site name(Kind kind, String text) {
            names.add(new ServerNameConfig(text, kind));
            return this;
        }

        public Site rewrite(String regex, String replacement, Flag flag) {
            rewrites.add(new RewriteConfig(SourceLine.NONE, regex, replacement, flag));
            return this;
        }

        public Site place(Place place) {
            locations.add(place.build(name));
            return this;
        }
    }

    /** A location under construction. */
    public static final class Place {
        private final Match match;
        private final String pattern;
        private final List<RewriteConfig> rewrites = new ArrayList<>();
        private final List<HeaderRule> headers = new ArrayList<>();
        private final List<ErrorPageConfig> pages = new ArrayList<>();
        private final List<AccessLogConfig> logs = new ArrayList<>();
        private ReturnConfig ret;
        private ProxyConfig proxy;
        private String root = "/srv/www";
        private long bodyBytesMax;

        public Place(Match match, String pattern) {
            this.match = match;
            this.pattern = pattern;
        }

        public Place returns(int status, String text) {
            ret = new ReturnConfig(status, text);
            return this;
        }

        public Place rewrite(String regex, String replacement, Flag flag) {
            rewrites.add(new RewriteConfig(SourceLine.NONE, regex, replacement, flag));
            return this;
        }

        public Place header(String headerName, String value) {
            headers.add(new HeaderRule(headerName, value, false));
            return this;
        }

        public Place page(int override, String uri, Integer... codes) {
            pages.add(new ErrorPageConfig(List.of(codes), override, uri));
            return this;
        }

        public Place log(String path, String format) {
            logs.add(new AccessLogConfig(path, format, 65_536, 1000));
            return this;
        }

        public Place bodyBytesMax(long bytes) {
            bodyBytesMax = bytes;
            return this;
        }

        public Place noFiles() {
            root = null;
            return this;
        }

        public Place proxy(String upstream) {
            proxy = new ProxyConfig(upstream, null, List.of(), List.of(), 5000, 60_000, 60_000,
                    32_768, new RetryConfig(Set.of(), 1, 20), false,
                    TransportConfig.PLAIN);
            return this;
        }

        private LocationConfig build(String server) {
            ClientConfig client = new ClientConfig(60_000, 500, 60_000, 75_000, 1000, bodyBytesMax,
                    5000, "text/plain");
            StaticConfig statics = new StaticConfig(root, null, List.of("index.html"), List.of(),
                    true, Symlinks.IF_OUTSIDE_ROOT, "text/plain", true, 16);
            return new LocationConfig(SourceLine.NONE, server, match, pattern, statics, proxy, ret,
                    rewrites, headers, pages, client, AccessConfig.OPEN, LimitsConfig.NONE,
                    logs, RouteConfig.ANY);
        }
    }

    public Site site(String name) {
        return new Site(name);
    }

    public Sites add(Site site) {
        servers.add(new ServerConfig(SourceLine.NONE, site.name, site.listens, site.names,
                site.rewrites, site.ret, site.metrics, site.locations,
                site.fallback.build(site.name)));
        return this;
    }

    public Sites format(String name, String text, String escape) {
        formats.add(new LogFormatConfig(name, text, escape));
        return this;
    }

    public SluiceConfig config() {
        HttpConfig http = new HttpConfig(60_000, 32_768, 8192, 100, 1000, true, false, true,
                100, 1000, 64, 3_600_000);
        return new SluiceConfig(null, new EventsConfig("epoll", 1024, 64), http, formats,
                List.of(), List.of(), servers, null, MimeTypes.of(Map.of()));
    }
}
