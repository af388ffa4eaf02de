package dev.sluice.talk;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Many clients, each with one kept connection that rests, until it sends one POST at a moment of
 * its own within a window. A POST is not sent twice: what is lost is a failure. A connection that
 * was seen to be closed before the POST is counted apart, since a client may then open another.
 */
final class IdlePosts implements AutoCloseable {

    private static final String BODY = "a=1&b=2";
    private static final String POST = "POST /post HTTP/1.1\r\nHost: h\r\nContent-Length: "
            + BODY.length() + "\r\n\r\n" + BODY;

    private final List<RawClient> clients = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final ConcurrentLinkedQueue<String> lost = new ConcurrentLinkedQueue<>();
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicInteger foundClosed = new AtomicInteger();

    /** Opens the connections and has one request answered on each. */
    IdlePosts(int port, int clientCount) throws IOException {
        for (int i = 0; i < clientCount; i++) {
            RawClient client = RawClient.connect(port);
            clients.add(client);
            if (client.get("/").response().closes()) {
                throw new AssertionError("not kept");
            }
        }
    }

    /** Each of them posts once, at a moment between now and then. */
    IdlePosts sendWithin(int milliseconds, long seed) {
        var random = new SplittableRandom(seed);
        long startNs = Await.nowNs();
        for (RawClient client : clients) {
            long atNs = startNs + random.nextLong(milliseconds * 1_000_000L + 1);
            threads.add(Thread.ofVirtual().start(() -> post(client, atNs)));
        }
        return this;
    }

    private void post(RawClient client, long atNs) {
        for (long left = atNs - Await.nowNs(); left > 0; left = atNs - Await.nowNs()) {
            LockSupport.parkNanos(left);
        }
        try {
            if (client.hasEnded()) {
                foundClosed.incrementAndGet();
                return;
            }
            Response response = client.send(POST).response("POST");
            if (response.status() == 200) {
                answered.incrementAndGet();
            } else {
                lost.add(response.toString());
            }
        } catch (IOException | AssertionError failed) {
            lost.add(failed.toString());
        }
    }

    IdlePosts await() throws InterruptedException {
        for (Thread thread : threads) {
            thread.join();
        }
        return this;
    }

    int answered() {
        return answered.get();
    }

    int foundClosed() {
        return foundClosed.get();
    }

    List<String> lost() {
        return List.copyOf(lost);
    }

    @Override
    public void close() throws IOException {
        for (RawClient client : clients) {
            client.close();
        }
    }
}
