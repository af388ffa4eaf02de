package dev.sluice.worker.statics;

import dev.sluice.common.clock.SteppedClock;
import dev.sluice.common.config.HttpConfig;
import dev.sluice.common.config.MimeTypes;
import dev.sluice.common.config.StaticConfig.Symlinks;
import dev.sluice.common.counters.CounterWriter;
import dev.sluice.common.log.ErrorLog;
import dev.sluice.common.log.Level;
import dev.sluice.worker.answer.Answers;
import dev.sluice.worker.answer.ExchangePath;
import dev.sluice.worker.arena.SlabPool;
import dev.sluice.worker.config.ConfigText;
import dev.sluice.worker.exchange.ContentHandler;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.RecordingStream;
import dev.sluice.worker.exchange.RequestHandler;
import dev.sluice.worker.loop.ErrorLines;
import dev.sluice.worker.loop.EventLoop;
import dev.sluice.worker.loop.LoopContext;
import dev.sluice.worker.variables.WorkerScope;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One static location over a directory, a clock that the test steps, and a client. An internal
 * redirect comes back to the same location.
 */
final class FilesHarness implements RequestHandler {

    /** 2026-11-20 18:00:00 UTC in milliseconds. */
    static final long NOW_MS = 1_795_197_600_000L;
    static final long VALID_MS = 1000;

    final SteppedClock clock = new SteppedClock(NOW_MS);
    final List<String> log = new ArrayList<>();
    final LoopContext ctx;
    final StaticFiles files;
    final ExchangePath paths = new ExchangePath(true);
    final RecordingStream client;
    ContentHandler handler;
    /** Where internal redirects go: to the location itself unless a test says otherwise. */
    ContentHandler redirectTo = x -> handler.handle(x);
    int redirects;

    FilesHarness(int entriesMax) {
        this("open_file_cache = " + (entriesMax == 0 ? "off" : entriesMax));
    }

    /** @param keys of [http] */
    FilesHarness(String... keys) {
        EventLoop loop = new EventLoop("files", clock, () -> { });
        ErrorLog lines = new ErrorLines(Level.INFO, (level, line) -> log.add(level + " " + line));
        ctx = new LoopContext(loop, new SlabPool(1), CounterWriter.inMemory(1, 0), lines, 0, 1);
        HttpConfig http = ConfigText.of("[http]", "server_tokens = on", String.join("\n", keys),
                "open_file_cache_valid = " + VALID_MS + "ms").http();
        files = new StaticFiles(ctx, WorkerScope.ofThisProcess(), paths, http,
                new MimeTypes(Map.of("txt", "text/plain", "html", "text/html", "png",
                        "image/png")));
        client = new RecordingStream(ctx, this);
    }

    /** A location with {@code root}. */
    static FilesHarness of(Path root) {
        FilesHarness harness = new FilesHarness(100);
        harness.serve(statics(root));
        return harness;
    }

    static StaticsBuilder statics(Path root) {
        return none().key("root", root.toString());
    }

    static StaticsBuilder alias(String alias) {
        return none().key("alias", alias);
    }

    /** Neither a root nor an alias. */
    static StaticsBuilder none() {
        return new StaticsBuilder().key("default_type", "application/octet-stream");
    }

    /** The keys of a location with files. */
    static final class StaticsBuilder {
        private final List<String> keys = new ArrayList<>();

        StaticsBuilder key(String name, String value) {
            keys.add(name + " = " + value);
            return this;
        }

        StaticsBuilder tryFiles(String... words) {
            return key("try_files", String.join(" ", words));
        }

        StaticsBuilder index(String... names) {
            return key("index", String.join(" ", names));
        }

        StaticsBuilder symlinks(Symlinks which) {
            return key("disable_symlinks", which.name().toLowerCase(Locale.ROOT));
        }

        StaticsBuilder sendfile(boolean on) {
            return key("sendfile", on ? "on" : "off");
        }

        StaticsBuilder etag(boolean on) {
            return key("etag", on ? "on" : "off");
        }

        StaticsBuilder maxRanges(int ranges) {
            return key("max_ranges", Integer.toString(ranges));
        }
    }

    FilesHarness serve(StaticsBuilder statics) {
        return serve(statics, "/");
    }

    /** @param pattern with its modifier, as in the header of the section */
    FilesHarness serve(StaticsBuilder statics, String pattern) {
        handler = files.handler(
                ConfigText.location(pattern, statics.keys.toArray(new String[0])));
        return this;
    }

    /** Asks and takes the whole answer. */
    RecordingStream get(String target, String... fields) {
        begin("GET " + target, fields);
        return client.finish();
    }

    RecordingStream ask(String methodAndTarget, String... fields) {
        begin(methodAndTarget, fields);
        return client.finish();
    }

    /** Asks and leaves the answer to be drained. */
    Exchange begin(String methodAndTarget, String... fields) {
        StringBuilder text = new StringBuilder(methodAndTarget + " HTTP/1.1\nHost: www\n");
        for (String field : fields) {
            text.append(field).append('\n');
        }
        Exchange x = client.request(text.toString());
        redirects = 0;
        if (paths.receive(x) == null) {
            handler.handle(x);
        } else {
            Answers.status(x, 400);
        }
        return x;
    }

    void stepMs(long ms) {
        clock.stepMs(ms);
        ctx.clock.update();
    }

    OpenFileCache cache() {
        return files.cache();
    }

    @Override
    public void onRequest(Exchange x) {
        handler.handle(x);
    }

    @Override
    public void onBadRequest(Exchange x, int status) {
        Answers.builtIn(x, status);
    }

    @Override
    public void onNamedLocation(Exchange x, String name) {
        onInternalRedirect(x);
    }

    @Override
    public void onInternalRedirect(Exchange x) {
        if (++redirects > 10) {
            Answers.builtIn(x, 500);
        } else {
            redirectTo.handle(x);
        }
    }

    @Override
    public void onGatePassed(Exchange x) {
        throw new AssertionError("there is no gate");
    }
}
