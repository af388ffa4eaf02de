package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Clients that pipeline, cut, half-close, stop reading and reset at random, good and bad requests
 * alike, with assertions on: no worker ends, and no memory or connection stays taken.
 */
final class RandomClientsIT {

    private static final int CLIENTS = 8;
    private static final int CONNECTIONS_EACH = 250;
    private static final String[] PATHS = {"/small", "/big", "/api/small", "/api/big", "/none",
        "/api/none", "/healthz", "/moved"};

    @Test
    void nothingIsLostToThem() throws Exception {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        try (var sluice = RunningSluice.with("""
                [server s]
                listen = 127.0.0.1:@PORT@
                root = @DIR@/www
                metrics = on
                [location s /api/]
                proxy_pass = http://127.0.0.1:@PORT:app@/
                [location s /moved]
                return = 301 /small
                [server app]
                listen = 127.0.0.1:@PORT:app@
                root = @DIR@/www
                """).file("www/small", "hello").file("www/big", new byte[700_000]).start()) {
            long worker = sluice.workerPids().getFirst();
            List<Thread> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                var random = new Random(seed + i);
                clients.add(Thread.ofPlatform().start(() -> connections(sluice.port(), random)));
            }
            for (Thread client : clients) {
                client.join();
            }
            // The scrape itself takes a connection and a slab.
            Await.that("everything given back", () -> metric(sluice, "sluice_slabs_in_use") <= 1
                    && metric(sluice, "sluice_http_requests_active") <= 1);
            assertEquals(List.of(worker), sluice.workerPids(), "seed " + seed);
            try (var client = sluice.client()) {
                assertEquals("hello", client.get("/small").response().text());
            }
        }
    }

    private static void connections(int port, Random random) {
        for (int i = 0; i < CONNECTIONS_EACH; i++) {
            try (var socket = new Socket("127.0.0.1", port)) {
                socket.setSoTimeout(2000);
                if (random.nextInt(3) == 0) {
                    socket.setSoLinger(true, 0);
                }
                talk(socket, random);
            } catch (IOException expected) {
                // Cut by either side: the point of the exercise.
                continue;
            }
        }
    }

    private static void talk(Socket socket, Random random) throws IOException {
        int requests = 1 + random.nextInt(4);
        for (int i = 0; i < requests; i++) {
            byte[] bytes = request(random).getBytes(StandardCharsets.ISO_8859_1);
            int cut = random.nextInt(3) == 0 ? 1 + random.nextInt(bytes.length) : bytes.length;
            socket.getOutputStream().write(bytes, 0, cut);
            if (random.nextBoolean()) {
                socket.getOutputStream().write(bytes, cut, bytes.length - cut);
            }
            if (random.nextInt(10) == 0) {
                socket.shutdownOutput();
            }
            // Only what is there: nobody waits for an answer that a cut request does not get.
            int ready = socket.getInputStream().available();
            if (ready > 0) {
                socket.getInputStream().readNBytes(random.nextInt(ready + 1));
            } else if (cut == bytes.length && random.nextBoolean()) {
                socket.getInputStream().read();
            }
        }
    }

    private static String request(Random random) {
        String path = PATHS[random.nextInt(PATHS.length)];
        String head = path + " HTTP/1.1\r\nHost: x\r\n";
        return switch (random.nextInt(8)) {
            case 0 -> "POST " + head + "Content-Length: " + random.nextInt(100_000) + "\r\n\r\n"
                    + "x".repeat(random.nextInt(100_000));
            case 1 -> "POST " + head + "Transfer-Encoding: chunked\r\n\r\n" + chunks(random);
            case 2 -> "GET " + head + "Bad Field\r\n\r\n";
            case 3 -> "HEAD " + head + "\r\n";
            case 4 -> "GET " + head + "Range: bytes=" + random.nextInt(9) + "-\r\n\r\n";
            default -> ("GET " + head + "\r\n").repeat(1 + random.nextInt(6));
        };
    }

    private static String chunks(Random random) {
        StringBuilder all = new StringBuilder();
        for (int i = random.nextInt(6); i > 0; i--) {
            int length = 1 + random.nextInt(9000);
            all.append(Integer.toHexString(length)).append("\r\n").append("y".repeat(length))
                    .append("\r\n");
        }
        return random.nextInt(3) == 0 ? all.toString() : all.append("0\r\n\r\n").toString();
    }

    private static long metric(RunningSluice sluice, String name) throws IOException {
        try (var client = sluice.client()) {
            return client.get("/metrics").response().text().lines()
                    .filter(line -> line.startsWith(name + " "))
                    .mapToLong(line -> (long) Double.parseDouble(line.substring(name.length())))
                    .sum();
        }
    }
}
