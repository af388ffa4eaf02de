package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * The page of {@code [admin]} in a real browser, while requests come. It leaves its pictures in
 * {@code target/pictures}; for those of the README it looks longer, {@code -Dsluice.seconds=130}.
 */
final class StatusBrowserIT {

    private static final Path PICTURES = Path.of("target/pictures");
    private static final List<String> PATHS = List.of("/app/x", "/app/y", "/app/z", "/gone/",
            "/none", "/limited/");

    private Browser browser;
    private RawClient client;

    /** One request of each kind, and a look whether the page has come to show it. */
    private void follows(String condition) {
        Await.that(condition, () -> {
            for (String path : PATHS) {
                client.get(path).response();
            }
            return browser.value(condition).equals("true");
        });
    }

    private static String rowOf(String table, String name) {
        return "[...document.querySelectorAll('#" + table + " tr')].find(r => r.cells[0]"
                + " && r.cells[0].textContent === '" + name + "')";
    }

    private static String number(String table, String row, int cell) {
        return "parseFloat(" + rowOf(table, row) + "?.cells[" + cell + "].textContent)";
    }

    private void fits(int width, int height, String picture) throws Exception {
        browser.size(width, height);
        browser.awaits("innerWidth === " + width);
        browser.picture(PICTURES.resolve(picture));
        assertEquals("true", browser.value("document.documentElement.scrollWidth <= innerWidth"));
        assertEquals("", browser.value("[...document.querySelectorAll('section')]"
                + ".filter(part => part.scrollWidth > part.clientWidth)"
                + ".map(part => part.innerText).join()"), "nothing is cut at " + width);
    }

    @Test
    void thePageFollowsWhatHappens() throws Exception {
        try (var peer = ScriptedUpstream.answering("hello");
                var sluice = RunningSluice.with("""
                [limit each]
                rate = 1r/s
                [upstream app]
                server = %s
                [upstream gone]
                server = 127.0.0.1:@PORT:closed@
                [server shop.example.com]
                listen = 127.0.0.1:@PORT@
                [location shop.example.com /app/]
                proxy_pass = http://app
                [location shop.example.com /gone/]
                proxy_pass = http://gone
                [location shop.example.com /limited/]
                limit = each
                return = 204
                [admin]
                listen = 127.0.0.1:@PORT:admin@
                """.formatted(peer.address())).workers(2).start();
                RawClient one = sluice.client();
                Browser opened = Browser.open()) {
            client = one;
            browser = opened;
            browser.size(1280, 900);
            browser.go("http://127.0.0.1:" + sluice.port("admin") + "/status");
            follows(number("routes", "shop.example.com /app/", 1) + " > 0");
            follows(number("routes", "shop.example.com /gone/", 4) + " > 0");
            follows(number("servers", "shop.example.com", 1) + " > 0");
            follows(number("peers", "app " + peer.address(), 2) + " > 0");
            follows(number("reasons", "upstream_refused", 1) + " > 0");
            follows("[...document.querySelectorAll('#reasons td.example')].some(line => "
                    + "/ 502 GET .gone. of shop.example.com after .* from 127[.]0[.]0[.]1, by /"
                    + ".test(line.textContent))");
            follows(number("limits", "each", 4) + " > 0");
            assertEquals("2", browser.value("document.querySelectorAll('#processes tr').length"
                    + " - 1"));
            assertEquals("true", browser.value("document.querySelectorAll('"
                    + "#routes .strip i[style]').length > 0"), "times are drawn");
            assertEquals("true", browser.value("document.querySelector('#map canvas')"
                    + ".getContext('2d').getImageData(0, 0, 60, 26).data.some(n => n > 0)"));
            assertEquals("true", browser.value("document.querySelector('#modules').parentNode"
                    + ".classList.contains('none')"), "what is not configured is not shown");
            int before = Integer.parseInt(browser.value(
                    number("routes", "shop.example.com /app/", 2)));
            follows(number("routes", "shop.example.com /app/", 2) + " > " + before);
            long untilNs = Await.nowNs()
                    + TimeUnit.SECONDS.toNanos(Integer.getInteger("sluice.seconds", 0));
            while (Await.nowNs() - untilNs < 0) {
                follows("new Promise(then => setTimeout(() => then(true), 50))");
            }
            fits(1280, 900, "status.png");
            fits(360, 740, "status-phone.png");
            assertTrue(browser.complaints().isEmpty(), () -> browser.complaints().toString());
        }
    }
}
