package dev.sluice.worker.statics;

import dev.sluice.common.clock.SteppedClock;
import dev.sluice.common.config.AccessConfig;
import dev.sluice.common.config.ClientConfig;
import dev.sluice.common.config.HttpConfig;
import dev.sluice.common.config.LimitsConfig;
import dev.sluice.common.config.LocationConfig;
import dev.sluice.common.config.LocationConfig.Match;
import dev.sluice.common.config.MimeTypes;
import dev.sluice.common.config.RouteConfig;
import dev.sluice.common.config.SourceLine;
import dev.sluice.common.config.StaticConfig;
import dev.sluice.common.config.StaticConfig.Symlinks;
import dev.sluice.common.counters.CounterWriter;
import dev.sluice.common.log.ErrorLog;
import dev.sluice.common.log.Level;
import dev.sluice.worker.answer.Answers;
import dev.sluice.worker.answer.ExchangePath;
import dev.sluice.worker.arena.SlabPool;
import dev.sluice.worker.exchange.ContentHandler;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.RecordingStream;
import dev.sluice.worker.exchange.RequestHandler;
import dev.sluice.worker.loop.EventLoop;
import dev.sluice.worker.loop.LoopContext;
import dev.sluice.worker.variables.WorkerScope;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
        EventLoop loop = new EventLoop("files", clock, () -> { });
        ErrorLog lines = new ErrorLog() {
            @Override
            public boolean enabled(Level level) {
                return level != Level.DEBUG;
            }

            @Override
            public void log(Level level, String line) {
                log.add(level + " " + line);
            }

            @Override
            public void reopen() {
                // There is no file.
            }
        };
        ctx = new LoopContext(loop, new SlabPool(1), CounterWriter.inMemory(1, 0), lines, 0, 1);
        HttpConfig http = new HttpConfig(60_000, 32_768, 8192, 100, 1000, true, false, true,
                entriesMax, VALID_MS, 64, 3_600_000);
        files = new StaticFiles(ctx, WorkerScope.ofThisProcess(), paths, http,
                MimeTypes.of(Map.of("txt", "text/plain", "html", "text/html", "png",
                        "image/png")));
        client = new RecordingStream(ctx, this);
    }

    /** A location with {@code root}. */
    static FilesHarness of(Path root) {
        FilesHarness harness = new FilesHarness(100);
        harness.serve(statics(root).build());
        return harness;
    }

    static StaticsBuilder statics(Path root) {
        return new StaticsBuilder(root.toString(), null);
    }

    static StaticsBuilder alias(String alias) {
        return new StaticsBuilder(null, alias);
    }

    /** The settings of a location with their defaults. */
    static final class StaticsBuilder {
        private final String root;
        private final String alias;
        List<String> index = List.of("index.html");
        List<String> tryFiles = List.of();
        boolean sendfile = true;
        Symlinks symlinks = Symlinks.IF_OUTSIDE_ROOT;
        boolean etag = true;
        int maxRanges = 16;

        private StaticsBuilder(String root, String alias) {
            this.root = root;
            this.alias = alias;
        }

        StaticsBuilder tryFiles(String... words) {
            tryFiles = List.of(words);
            return this;
        }

        StaticsBuilder index(String... names) {
            index = List.of(names);
            return this;
        }

        StaticsBuilder symlinks(Symlinks which) {
            symlinks = which;
            return this;
        }

        StaticsBuilder sendfile(boolean on) {
            sendfile = on;
            return this;
        }

        StaticsBuilder etag(boolean on) {
            etag = on;
            return this;
        }

        StaticsBuilder maxRanges(int ranges) {
            maxRanges = ranges;
            return this;
        }

        StaticConfig build() {
            return new StaticConfig(root, alias, index, tryFiles, sendfile, symlinks,
                    "application/octet-stream", etag, maxRanges);
        }
    }

    FilesHarness serve(StaticConfig statics) {
        return serve(statics, Match.PREFIX, "/");
    }

    FilesHarness serve(StaticConfig statics, Match match, String pattern) {
        handler = files.handler(new LocationConfig(new SourceLine("test", 1), "www", match,
                pattern, statics, null, null, List.of(), List.of(), List.of(),
                new ClientConfig(1, 1, 1, 1, 1, 1, 1, "text/plain"), AccessConfig.OPEN,
                LimitsConfig.NONE, List.of(), RouteConfig.ANY));
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
