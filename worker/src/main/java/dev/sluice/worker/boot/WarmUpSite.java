package dev.sluice.worker.boot;

import dev.sluice.common.config.SluiceConfig;
import dev.sluice.common.config.WarmUpConfig;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What the warm-up serves and asks for. Immutable.
 *
 * @param config of one server, and of one upstream when the operator has any
 * @param requests asked one after the other, over and over
 */
record WarmUpSite(SluiceConfig config, List<byte[]> requests) {

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

    /** @param config as {@link WarmUpConfig} makes it for the operator's */
    static WarmUpSite of(SluiceConfig config, SluiceConfig operators) {
        return new WarmUpSite(config,
                requests(!config.upstreams().isEmpty(),
                        operators.servesFiles(), !config.caches().isEmpty()));
    }

    private static List<byte[]> requests(boolean proxies, boolean files, boolean caches) {
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
            if (caches) {
                all.add(get("/proxy/" + WarmUpPeer.KEPT));
                all.add(get("/proxy/" + WarmUpPeer.KEPT));
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
