package dev.sluice.modules.otel;

import dev.sluice.module.ModuleLog;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Spans that wait to be sent, and the thread that sends them in batches. What it cannot keep up
 * with is refused, so that a slow receiver costs no memory. Any thread may offer.
 */
final class Outbox {

    private static final Duration LAST_WORDS = Duration.ofSeconds(2);
    /** What the SDK would print itself; kept, as loggers are forgotten otherwise. */
    private static final Logger SDK = Logger.getLogger("io.opentelemetry");

    private final Destination to;
    private final ModuleLog log;
    private final BlockingQueue<SpanData> waiting;
    private final AtomicLong lost = new AtomicLong();
    private final Thread thread = Thread.ofPlatform().name("otel").daemon().unstarted(this::run);
    private SpanExporter exporter;
    /** A receiver that fails is told of once, until it works again. The thread's own. */
    private boolean failing;

    Outbox(Destination to, ModuleLog log) {
        this.to = to;
        this.log = log;
        this.waiting = new ArrayBlockingQueue<>(to.queueMax());
    }

    /** @throws IllegalStateException whom to trust cannot be read */
    void start() {
        SDK.setLevel(Level.OFF);
        OtlpHttpSpanExporterBuilder builder = OtlpHttpSpanExporter.builder()
                .setServiceClassLoader(Outbox.class.getClassLoader())
                .setEndpoint(to.endpoint()).setTimeout(to.giveUp()).setCompression("gzip");
        if (to.endpoint().startsWith("https:")) {
            try {
                builder.setTrustedCertificates(Files.readAllBytes(to.trusted()));
            } catch (IOException e) {
                throw new IllegalStateException("\"trusted\" cannot be read: " + e, e);
            }
        }
        to.fields().forEach(builder::addHeader);
        exporter = builder.build();
        thread.start();
    }

    /** @return false when too many wait */
    boolean offer(SpanData span) {
        return waiting.offer(span);
    }

    /** Spans of requests that failed, since it was last asked. */
    long takeLost() {
        return lost.get() == 0 ? 0 : lost.getAndSet(0);
    }

    private void run() {
        List<SpanData> batch = new ArrayList<>();
        try {
            while (true) {
                batch.add(waiting.take());
                gather(batch);
                send(batch, to.giveUp());
                batch.clear();
            }
        } catch (InterruptedException end) {
            waiting.drainTo(batch, to.batchMax() - batch.size());
            if (!batch.isEmpty()) {
                send(batch, LAST_WORDS);
            }
        }
    }

    private void gather(List<SpanData> batch) throws InterruptedException {
        long left = to.every().toNanos();
        while (batch.size() < to.batchMax() && left > 0) {
            waiting.drainTo(batch, to.batchMax() - batch.size());
            long step = Math.min(left, TimeUnit.MILLISECONDS.toNanos(50));
            SpanData next = batch.size() < to.batchMax()
                    ? waiting.poll(step, TimeUnit.NANOSECONDS) : null;
            if (next != null) {
                batch.add(next);
            } else {
                left -= step;
            }
        }
    }

    private void send(List<SpanData> batch, Duration patience) {
        CompletableResultCode result = exporter.export(List.copyOf(batch))
                .join(patience.toMillis(), TimeUnit.MILLISECONDS);
        if (result.isSuccess()) {
            if (failing) {
                failing = false;
                log.info("spans arrive again");
            }
            return;
        }
        lost.addAndGet(batch.size());
        if (!failing) {
            failing = true;
            log.warn("spans do not arrive at " + to.endpoint()
                    + (result.getFailureThrowable() == null ? ""
                            : ": " + result.getFailureThrowable()));
        }
    }

    void close() {
        thread.interrupt();
        try {
            if (thread.isAlive()) {
                thread.join(LAST_WORDS.plusSeconds(1));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (exporter != null) {
            exporter.shutdown();
        }
    }
}
