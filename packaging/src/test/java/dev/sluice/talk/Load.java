package dev.sluice.talk;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Clients that ask for one target again and again, each on a connection of its own. A request that
 * fails is noted, and its client goes on with a new connection.
 */
final class Load implements AutoCloseable {

    private final int port;
    private final String target;
    private final int requestsPerConnection;
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final AtomicInteger answered = new AtomicInteger();
    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
    private final List<Thread> clients = new ArrayList<>();

    Load(int port, String target, int clientCount, int requestsPerConnection) {
        this.port = port;
        this.target = target;
        this.requestsPerConnection = requestsPerConnection;
        for (int i = 0; i < clientCount; i++) {
            clients.add(Thread.ofPlatform().daemon().start(this::ask));
        }
        awaitAnswers(clientCount);
    }

    private void ask() {
        while (!stopped.get()) {
            try (RawClient client = RawClient.connect(port)) {
                boolean kept = true;
                for (int i = 0; kept && i < requestsPerConnection && !stopped.get(); i++) {
                    Response response = client.get(target).response();
                    if (response.status() != 200) {
                        failures.add(response.toString());
                    }
                    answered.incrementAndGet();
                    kept = !response.closes();
                }
            } catch (IOException | AssertionError failed) {
                failures.add(failed.toString());
            }
        }
    }

    /** Waits for this many more answers. */
    void awaitAnswers(int count) {
        int before = answered.get();
        Await.that(count + " more answers", () -> answered.get() >= before + count);
    }

    int answered() {
        return answered.get();
    }

    List<String> failures() {
        return List.copyOf(failures);
    }

    @Override
    public void close() {
        stopped.set(true);
        Await.that("the end of the clients", () -> clients.stream().noneMatch(Thread::isAlive));
    }
}
