package dev.sluice.worker.boot;

import dev.sluice.common.config.ConfigLoader;
import dev.sluice.common.config.LoadedConfig;
import dev.sluice.common.config.SluiceConfig;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What the warm-up serves and asks for: a configuration of its own with the kinds of content that
 * the operator's has, so that nothing is loaded or compiled that clients will not need. Its files
 * are those of the Java that runs, which every installation has.
 *
 * <p>Immutable.
 *
 * @param config of one server, and of one upstream when the operator has any
 * @param requests asked one after the other, over and over
 */
record WarmUpSite(SluiceConfig config, List<byte[]> requests) {

    /** Name of the one upstream, and of its host, which nobody looks up (RFC 6761 section 6.4). */
    static final String UPSTREAM = "warm-up";

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

    /** A browser's. */
    private static final String FIELDS = """
            Host: warm-up.invalid
            User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0
            Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8
            Accept-Language: en-US,en;q=0.5
            Accept-Encoding: gzip, deflate, br
            Referer: http://warm-up.invalid/
            Cookie: session=0123456789abcdef0123456789abcdef
            Connection: keep-alive
            """;

    /** @throws IllegalStateException the text above does not fit the table of keys */
    static WarmUpSite of(SluiceConfig operators) {
        boolean proxies = !operators.upstreams().isEmpty();
        Path root = Path.of(System.getProperty("java.home"));
        String text = TEXT + (proxies ? PROXY : "")
                + SERVER.replace("@ROOT@", root.toString()) + (proxies ? LOCATION : "");
        LoadedConfig loaded = ConfigLoader.loadText(text, root);
        if (loaded.config() == null) {
            throw new IllegalStateException("the warm-up's own text: " + loaded.errors());
        }
        return new WarmUpSite(loaded.config(), requests(proxies, operators.servesFiles()));
    }

    private static List<byte[]> requests(boolean proxies, boolean files) {
        List<byte[]> all = new ArrayList<>();
        for (int round = 0; round < 4; round++) {
            if (proxies) {
                all.add(get("/proxy/" + WarmUpPeer.SMALL));
                all.add(get("/proxy/" + WarmUpPeer.SMALL));
                all.add(get("/proxy/" + WarmUpPeer.CHUNKED));
            }
            if (files) {
                all.add(get("/release"));
                all.add(get("/release"));
            }
            all.add(get("/text"));
        }
        if (proxies) {
            all.add(get("/proxy/" + WarmUpPeer.LARGE));
            all.add(get("/proxy/" + WarmUpPeer.CLOSING));
            all.add(post("/proxy/" + WarmUpPeer.SMALL));
        }
        if (files) {
            all.add(get("/lib/tzdb.dat"));
            all.add(get("/nothing-here"));
        }
        return List.copyOf(all);
    }

    private static byte[] get(String path) {
        return bytes("GET " + path + "?q=1 HTTP/1.1\n" + FIELDS + "\n");
    }

    private static byte[] post(String path) {
        String body = "a=1&b=2" + WarmUpPeer.END_OF_BODY;
        return bytes("POST " + path + " HTTP/1.1\n" + FIELDS
                + "Content-Type: application/x-www-form-urlencoded\n"
                + "Content-Length: " + body.length() + "\n\n" + body);
    }

    private static byte[] bytes(String text) {
        return text.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII);
    }
}
