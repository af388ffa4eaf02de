package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * What a worker of the distribution allocates under load: nothing. Tests of the parts say so too,
 * but their virtual machine has other flags and compiles other code.
 */
final class AllocationIT {

    private static final int CLIENTS = 8;
    private static final int ROUND = 20_000;
    /** Until all is compiled; a round in which the collector ran tells nothing. */
    private static final int ROUNDS_MAX = 100;
    /** What is taken of the young generation is seen in pieces that threads take for themselves. */
    private static final long KB_OF_A_ROUND = 100;
    private static final Pattern USED = Pattern.compile("DefNew +total \\d+K, used (\\d+)K");

    private static final List<String> TARGETS =
            List.of("/returned", "/file", "/passed", "/ruled", "/stored");
    private static final String SERVERS = """
            [cache pages]
            path = @DIR@/pages
            [limit all]
            key = $remote_addr
            rate = 1000000r/s
            [server s]
            listen = 127.0.0.1:@PORT@
            keepalive_requests = 1000000000
            [location s /returned]
            return = 200 hello
            [location s /file]
            root = @DIR@/www
            [location s /passed]
            proxy_pass = http://127.0.0.1:@PORT:peer@
            [location s /ruled]
            proxy_pass = http://127.0.0.1:@PORT:peer@
            limit = all burst=1000
            proxy_set_header = X-Real-IP $remote_addr
            proxy_set_header = X-Request-Id $request_id
            add_header = X-Served-By edge
            add_header = X-Peer $upstream_addr
            [location s /stored]
            proxy_pass = http://127.0.0.1:@PORT:peer@
            proxy_cache = pages
            [server peer]
            listen = 127.0.0.1:@PORT:peer@
            keepalive_requests = 1000000000
            [location peer /]
            return = 200 hello
            expires = 1h
            """;

    @Test
    void aWorkerAllocatesNothingForARequest() throws Exception {
        try (var sluice = RunningSluice.with(SERVERS).file("www/file", "hello").start()) {
            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(sluice.client());
            }
            for (String target : TARGETS) {
                long kb = leastKb(sluice, clients, target);
                assertTrue(kb <= KB_OF_A_ROUND,
                        () -> target + ": " + kb + " KiB in " + ROUND + " requests");
            }
            for (RawClient client : clients) {
                client.close();
            }
        }
    }

    private static long leastKb(RunningSluice sluice, List<RawClient> clients, String target)
            throws Exception {
        Response first = clients.getFirst().get(target).response();
        assertEquals("hello", first.text(), first.toString());
        long leastKb = Long.MAX_VALUE;
        for (int i = 0; i < ROUNDS_MAX && leastKb > KB_OF_A_ROUND; i++) {
            long beforeKb = youngKb(sluice);
            ask(clients, target);
            long kb = youngKb(sluice) - beforeKb;
            leastKb = kb < 0 ? leastKb : Math.min(leastKb, kb);
        }
        return leastKb;
    }

    private static void ask(List<RawClient> clients, String target) throws IOException {
        for (int i = 0; i < ROUND; i += clients.size()) {
            for (RawClient client : clients) {
                client.get(target);
            }
            for (RawClient client : clients) {
                skipAnswer(client.in());
            }
        }
    }

    /** Reads an answer whose body is "hello". */
    private static void skipAnswer(InputStream in) throws IOException {
        int ends = 0;
        while (ends < 4) {
            int b = in.read();
            ends = b == '\r' || b == '\n' ? ends + 1 : 0;
            assertTrue(b >= 0, "the connection has ended");
        }
        assertEquals("hello", new String(in.readNBytes(5)));
    }

    /** In use of the worker's young generation. */
    private static long youngKb(RunningSluice sluice) throws IOException, InterruptedException {
        Process jcmd = new ProcessBuilder(
                RunningSluice.distribution().resolve("runtime/bin/jcmd").toString(),
                sluice.workerPids().getFirst().toString(), "GC.heap_info")
                .redirectErrorStream(true).start();
        String said = new String(jcmd.getInputStream().readAllBytes());
        jcmd.waitFor();
        Matcher used = USED.matcher(said);
        assertTrue(used.find(), said);
        return Long.parseLong(used.group(1));
    }
}
