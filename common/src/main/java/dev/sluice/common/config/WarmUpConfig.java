package dev.sluice.common.config;

import java.nio.file.Path;

/**
 * What a worker serves to itself before anybody else: the kinds of content that the operator's
 * configuration has, so that nothing is loaded or compiled that clients will not need. Its files
 * are those of the Java that runs, which every installation has.
 */
public final class WarmUpConfig {

    /** Name of the one upstream; its host nobody looks up (RFC 6761 section 6.4). */
    public static final String UPSTREAM = "warm-up";

    private static final String TEXT = """
            [main]
            error_log = /dev/null warn

            [http]
            access_log = /dev/null combined
            keepalive_requests = 100
            """;

    private static final String PROXY = """

            [upstream warm-up]
            server = warm-up.invalid:80
            keepalive = 16
            """;

    private static final String CACHE = """

            [cache warm-up]
            path = @PATH@
            keys = 1024
            memory = 64k
            """.replace("@PATH@", CacheConfig.IN_MEMORY);

    private static final String SERVER = """

            [server warm-up]
            listen = 127.0.0.1:80
            server_name = warm-up.invalid
            root = @ROOT@

            [location warm-up /text]
            return = 200 "warm"
            """;

    private static final String LOCATION = """

            [location warm-up /proxy/]
            proxy_pass = http://warm-up
            """;

    private static final String CACHED = """

            [location warm-up /proxy/k]
            proxy_pass = http://warm-up
            proxy_cache = warm-up
            """;

    private WarmUpConfig() {
    }

    /**
     * One server, and one upstream and one cache where the operator has any.
     *
     * @throws IllegalStateException the text above does not fit the table of keys
     */
    public static SluiceConfig of(SluiceConfig operators) {
        boolean proxies = !operators.upstreams().isEmpty();
        boolean caches = proxies && !operators.caches().isEmpty();
        Path root = Path.of(System.getProperty("java.home"));
        String text = TEXT + (proxies ? PROXY : "") + (caches ? CACHE : "")
                + SERVER.replace("@ROOT@", root.toString()) + (proxies ? LOCATION : "")
                + (caches ? CACHED : "");
        LoadedConfig loaded = ConfigLoader.loadText(text, root);
        if (loaded.config() == null) {
            throw new IllegalStateException("the warm-up's own text: " + loaded.errors());
        }
        return loaded.config();
    }
}
