package dev.sluice.modules.redislimits;

import dev.sluice.module.ModuleException;
import dev.sluice.module.ModuleLog;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.Delay;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The counters on the server, over one connection. Every question is one round trip, and is
 * answered in time, if only with a failure; after one the server is left alone for a second.
 *
 * <p>Owner: event loop; answers come on threads of Lettuce.
 */
final class SharedCounts {

    /** Takes a part of a limit, as far as there is any: how much of it came. */
    private static final String TAKE = """
            local sum = redis.call('INCRBY', KEYS[1], ARGV[1])
            if sum == tonumber(ARGV[1]) then
              redis.call('PEXPIRE', KEYS[1], ARGV[3])
            end
            return math.max(0, math.min(tonumber(ARGV[1]), tonumber(ARGV[2]) - sum + ARGV[1]))
            """;
    private static final String PREFIX = "sluice:limit:";
    private static final long REST_MS = 1000;
    private static final Duration AT_ONCE = Duration.ZERO;
    private static final Duration END_WITHIN = Duration.ofSeconds(2);
    private static final int THREADS = 2;

    private final RedisURI uri;
    private final long answerWithinMs;
    private final ModuleLog log;
    private final InstantSource clock;
    private final AtomicBoolean failing = new AtomicBoolean();
    private ClientResources resources;
    private RedisClient client;
    private CompletableFuture<StatefulRedisConnection<String, String>> connection;
    /** Written by any thread. */
    private volatile long restUntilMs;

    SharedCounts(String uri, Duration answerWithin, ModuleLog log, InstantSource clock)
            throws ModuleException {
        try {
            this.uri = RedisURI.create(uri);
        } catch (RuntimeException e) {
            // Without the text, which may have a password.
            throw new ModuleException("uri is none", "redis://HOST:PORT, or rediss:// over TLS");
        }
        this.answerWithinMs = answerWithin.toMillis();
        this.log = log;
        this.clock = clock;
    }

    void start() {
        resources = DefaultClientResources.builder().ioThreadPoolSize(THREADS)
                .computationThreadPoolSize(THREADS)
                .reconnectDelay(Delay.constant(Duration.ofMillis(REST_MS))).build();
        client = RedisClient.create(resources);
        client.setOptions(ClientOptions.builder().autoReconnect(true).disconnectedBehavior(
                ClientOptions.DisconnectedBehavior.REJECT_COMMANDS).build());
        connect();
    }

    private void connect() {
        connection = client.connectAsync(StringCodec.UTF8, uri).toCompletableFuture();
    }

    /**
     * Takes a part of a limit.
     *
     * @return completed in time: how much there was, 0 to {@code part}
     */
    CompletableFuture<Integer> take(String key, int part, int limit, long windowMs) {
        if (clock.millis() < restUntilMs) {
            return CompletableFuture.failedFuture(new TimeoutException("left alone"));
        }
        if (connection.isCompletedExceptionally()) {
            connect();
        }
        return connection.thenCompose(open -> open.async().<Long>eval(TAKE,
                        ScriptOutputType.INTEGER, new String[] {PREFIX + key},
                        Integer.toString(part), Integer.toString(limit),
                        Long.toString(2 * windowMs)))
                .thenApply(Long::intValue)
                .orTimeout(answerWithinMs, TimeUnit.MILLISECONDS)
                .whenComplete((given, failure) -> ended(failure));
    }

    private void ended(Throwable failure) {
        if (failure == null) {
            if (failing.getAndSet(false)) {
                log.info("limits are shared again");
            }
            return;
        }
        restUntilMs = clock.millis() + REST_MS;
        if (!failing.getAndSet(true)) {
            log.warn("limits are counted by each worker alone: " + uri.getHost() + ":"
                    + uri.getPort() + " does not answer: " + failure);
        }
    }

    void close() {
        if (client != null) {
            client.shutdown(AT_ONCE, END_WITHIN);
            resources.shutdown(0, END_WITHIN.toMillis(), TimeUnit.MILLISECONDS)
                    .awaitUninterruptibly(END_WITHIN.toMillis());
        }
    }
}
