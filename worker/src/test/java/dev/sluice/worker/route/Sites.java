package dev.sluice.worker.route;

import dev.sluice.common.config.ErrorPageConfig;
import dev.sluice.common.config.LocationConfig.Match;
import dev.sluice.common.config.RewriteConfig.Flag;
import dev.sluice.common.config.ServerNameConfig.Kind;
import dev.sluice.common.config.SluiceConfig;
import dev.sluice.worker.config.ConfigText;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Configurations for tests of routing, written down shortly. Owner: one test thread. */
public final class Sites {

    /** A directory that every machine has; nothing is read from it. */
    public static final String ROOT = "/usr";

    private final List<String> lines = new ArrayList<>(List.of(
            "[http]", "max_active_requests = 1000", "server_tokens = on", "open_file_cache = 100",
            "default_type = text/plain"));
    private final Set<String> upstreams = new LinkedHashSet<>();

    /** A server under construction. */
    public static final class Site {
        private final String name;
        private final List<String> lines = new ArrayList<>();
        private final List<Place> places = new ArrayList<>();
        public boolean metrics;
        /** What the server has for paths without a location. */
        public final Place fallback = new Place(Match.PREFIX, "/");

        private Site(String name) {
            this.name = name;
        }

        public Site listen(int port, boolean isDefault) {
            lines.add("listen = 0.0.0.0:" + port + (isDefault ? " default_server" : ""));
            return this;
        }

        public Site name(Kind kind, String text) {
            lines.add("server_name = "
                    + ConfigText.quote(kind == Kind.REGEX ? "~" + text : text));
            return this;
        }

        public Site rewrite(String regex, String replacement, Flag flag) {
            fallback.rewrite(regex, replacement, flag);
            return this;
        }

        public Site returns(int status, String text) {
            fallback.returns(status, text);
            return this;
        }

        public Site place(Place place) {
            places.add(place);
            return this;
        }
    }

    /** A location under construction. */
    public static final class Place {
        private final Match match;
        private final String pattern;
        private final List<String> lines = new ArrayList<>();
        private String upstream;
        private boolean files = true;

        public Place(Match match, String pattern) {
            this.match = match;
            this.pattern = pattern;
        }

        /** Any other key, as in the file. */
        public Place key(String line) {
            lines.add(line);
            return this;
        }

        public Place returns(int status, String text) {
            return key("return = " + status + (text.isEmpty() ? "" : " " + ConfigText.quote(text)));
        }

        public Place rewrite(String regex, String replacement, Flag flag) {
            return key("rewrite = " + ConfigText.quote(regex) + " " + ConfigText.quote(replacement)
                    + (flag == Flag.NONE ? "" : " " + flag.name().toLowerCase(Locale.ROOT)));
        }

        public Place header(String headerName, String value) {
            return key("add_header = " + headerName + " " + ConfigText.quote(value));
        }

        public Place page(int override, String uri, int... codes) {
            StringBuilder line = new StringBuilder("error_page =");
            for (int code : codes) {
                line.append(' ').append(code);
            }
            line.append(override == ErrorPageConfig.KEEP_STATUS ? ""
                    : override == ErrorPageConfig.TAKE_STATUS ? " =" : " =" + override);
            return key(line + " " + uri);
        }

        public Place log(String path, String format) {
            return key("access_log = " + path + " " + format);
        }

        public Place bodyBytesMax(long bytes) {
            return key("client_max_body_size = " + bytes);
        }

        public Place noFiles() {
            files = false;
            return this;
        }

        public Place proxy(String to) {
            upstream = to;
            return key("proxy_pass = http://" + to);
        }
    }

    public Site site(String name) {
        return new Site(name);
    }

    public Sites add(Site site) {
        lines.add("[server " + site.name + "]");
        lines.addAll(site.lines);
        lines.add("metrics = " + (site.metrics ? "on" : "off"));
        // A location without files must not inherit any.
        boolean inherit = site.places.stream().allMatch(place -> place.files);
        addKeys(site.fallback, inherit && site.fallback.files);
        for (Place place : site.places) {
            String modifier = place.match.modifier();
            lines.add("[location " + site.name + (modifier.isEmpty() ? "" : " " + modifier) + " "
                    + ConfigText.quote(place.pattern) + "]");
            addKeys(place, place.files);
            if (place.upstream != null) {
                upstreams.add(place.upstream);
            }
        }
        return this;
    }

    private void addKeys(Place place, boolean files) {
        lines.addAll(place.lines);
        if (files) {
            lines.add("root = " + ROOT);
        }
    }

    public Sites format(String name, String text, String escape) {
        lines.add("[log_format " + name + "]");
        lines.add("format = " + ConfigText.quote(text));
        lines.add("escape = " + escape);
        return this;
    }

    public SluiceConfig config() {
        for (String upstream : upstreams) {
            lines.add("[upstream " + upstream + "]");
            lines.add("server = 127.0.0.1:9");
        }
        return ConfigText.of(lines.toArray(new String[0]));
    }
}
