package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The log tells of each peer that was tried, not of the last one alone. */
final class UpstreamTriesIT {

    private static ScriptedUpstream answering(int status) throws Exception {
        return ScriptedUpstream.playing(talk -> {
            while (talk.readRequest()) {
                talk.answer(status, "");
            }
        });
    }

    private static String[] field(String line, String name) {
        Matcher found = Pattern.compile("\"" + name + "\":\"([^\"]*)\"").matcher(line);
        assertTrue(found.find(), line);
        return found.group(1).split(", ");
    }

    @Test
    void eachTryHasItsValues() throws Exception {
        try (var busy = answering(503);
                var sound = answering(200);
                var sluice = RunningSluice.with("""
                        [upstream app]
                        server = 127.0.0.1:@PORT:nobody@ max_fails=0
                        server = %s max_fails=0
                        server = %s max_fails=0
                        retry = error http_503 tries=3 budget=100%%
                        [server s]
                        listen = 127.0.0.1:@PORT@
                        [location s /]
                        proxy_pass = http://app
                        """.formatted(busy.address(), sound.address()))
                        .accessLogFormat("json").start();
                var client = sluice.client()) {
            for (int i = 0; i < 6; i++) {
                assertEquals(200, client.get("/").response().status());
            }
            List<Integer> counts = new ArrayList<>();
            for (String line : sluice.awaitAccessLog(6)) {
                String[] addresses = field(line, "upstream_addr");
                String[] statuses = field(line, "upstream_status");
                String[] connects = field(line, "upstream_connect_time");
                String[] responses = field(line, "upstream_response_time");
                counts.add(addresses.length);
                for (int i = 0; i < addresses.length; i++) {
                    boolean refused = !addresses[i].equals(busy.address())
                            && !addresses[i].equals(sound.address());
                    assertEquals(refused ? "-" : addresses[i].equals(busy.address()) ? "503"
                            : "200", statuses[i], line);
                    assertEquals(refused, connects[i].equals("-"), line);
                    assertTrue(responses[i].matches("\\d+\\.\\d{3}"), line);
                }
                assertEquals(sound.address(), addresses[addresses.length - 1], line);
                assertEquals(addresses.length, statuses.length, line);
                assertEquals(addresses.length, field(line, "upstream_header_time").length, line);
            }
            assertTrue(counts.contains(1) && counts.contains(3), counts::toString);
        }
    }

    @Test
    void anotherLocationIsToldApart() throws Exception {
        try (var gone = answering(404);
                var other = ScriptedUpstream.playing(talk -> {
                    talk.readRequest();
                    talk.answer(200, "once");
                });
                var sluice = RunningSluice.with("""
                        [log_format tries]
                        format = $uri $upstream_addr; $upstream_status; $upstream_error
                        [server s]
                        listen = 127.0.0.1:@PORT@
                        [location s /]
                        proxy_pass = http://%s
                        proxy_intercept_errors = on
                        error_page = 404 = /other
                        [location s = /other]
                        proxy_pass = http://%s
                        """.formatted(gone.address(), other.address()))
                        .accessLogFormat("tries").start();
                var client = sluice.client()) {
            String told = "/other " + gone.address() + " : " + other.address() + "; 404 : 200; -";
            for (int i = 1; i < 4; i++) {
                assertEquals("once", client.get("/x").response().text());
                // From the second on, the kept connection was closed: that is no try.
                assertEquals(told, sluice.awaitAccessLog(i).getLast());
            }
        }
    }
}
