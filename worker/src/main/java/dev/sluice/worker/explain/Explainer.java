package dev.sluice.worker.explain;

import dev.sluice.common.clock.SystemClock;
import dev.sluice.common.config.HeaderRule;
import dev.sluice.common.config.ListenConfig;
import dev.sluice.common.config.LocationConfig;
import dev.sluice.common.config.RewriteConfig;
import dev.sluice.common.config.SecretValues;
import dev.sluice.common.config.ServerConfig;
import dev.sluice.common.config.SluiceConfig;
import dev.sluice.common.config.StreamConfig;
import dev.sluice.common.counters.CounterLabels;
import dev.sluice.common.counters.CounterWriter;
import dev.sluice.common.counters.PeerLabel;
import dev.sluice.common.log.ErrorLog;
import dev.sluice.worker.answer.Answers;
import dev.sluice.worker.answer.ExchangePath;
import dev.sluice.worker.arena.SlabPool;
import dev.sluice.worker.dispatch.Dispatcher;
import dev.sluice.worker.exchange.ContentHandler;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.ExchangeState;
import dev.sluice.worker.exchange.Location;
import dev.sluice.worker.exchange.Responder;
import dev.sluice.worker.exchange.Rewriter;
import dev.sluice.worker.exchange.TlsFacts;
import dev.sluice.worker.http.RequestHead;
import dev.sluice.worker.http1.ParseLimits;
import dev.sluice.worker.http1.RequestParser;
import dev.sluice.worker.loop.EventLoop;
import dev.sluice.worker.loop.LoopContext;
import dev.sluice.worker.proxy.ProxyPreview;
import dev.sluice.worker.route.ContentFactory;
import dev.sluice.worker.route.RouteBuilder;
import dev.sluice.worker.route.RouteProbes;
import dev.sluice.worker.route.RouteTable;
import dev.sluice.worker.statics.StaticFiles;
import dev.sluice.worker.tunnel.TunnelPreview;
import dev.sluice.worker.variables.Template;
import dev.sluice.worker.variables.WorkerScope;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Leads a request through the parts that a worker leads it through, with nobody at either end: the
 * same parser, dispatcher, routes, rewrite rules, files and answers. Where a worker would pass it
 * to a peer, what the peer would get is told; passwords, limits and modules are told and let in.
 *
 * <p>Owner: the calling thread, which is no loop's.
 */
final class Explainer {

    private static final int HEAD_BYTES_MAX = 64 * 1024;

    private final SluiceConfig config;
    private final List<ListenConfig> listens;
    private final WorkerScope scope = WorkerScope.ofThisProcess();
    private final RouteTable routes;
    private final Dispatcher dispatcher;
    private final ProxyPreview proxies;
    private final ToldGates gates;
    private final NearMisses nearMisses;
    private final SecretValues secrets;
    private final AskingClient client = new AskingClient();
    private final RequestParser parser;
    private final RequestHead head;
    private final Exchange exchange;
    private final ByteBuffer input =
            ByteBuffer.allocateDirect(HEAD_BYTES_MAX).order(ByteOrder.LITTLE_ENDIAN);
    /** The request that is on its way, and what is told of it. */
    private Asked asked;
    private Explanation told;
    /** Where the last location was looked for, and that location. */
    private byte[] soughtPath = {};
    private LocationConfig soughtLocation;

    /** @param variables that the configuration or its modules define */
    Explainer(SluiceConfig config, Set<String> variables) {
        this(config, variables, Map.of());
    }

    /**
     * @param variables that the configuration or its modules define
     * @param livePeers what is to be told of peers, beside what the configuration says
     */
    Explainer(SluiceConfig config, Set<String> variables, Map<PeerLabel, String> livePeers) {
        this.config = config;
        this.listens = config.listenAddresses();
        EventLoop loop = new EventLoop("none", SystemClock.INSTANCE, () -> { });
        LoopContext ctx = new LoopContext(loop, new SlabPool(config.http().slabCountMax()),
                CounterWriter.inMemory(CounterLabels.of(config)), ErrorLog.NONE, 0, 0);
        ExchangePath paths = new ExchangePath(config.http().mergeSlashes());
        // What modules would say is not known; what the file defines itself comes after.
        for (String name : variables) {
            if (name.endsWith("*")) {
                scope.defineFamily(name, rest -> (x, out) -> { });
            } else {
                scope.define(name, (x, out) -> { });
            }
        }
        RouteBuilder.defineVariables(config, scope);
        proxies = new ProxyPreview(config, text -> Template.compile(text, scope));
        secrets = SecretValues.of(config);
        gates = new ToldGates(config, scope, secrets, this::told, this::trace, livePeers);
        StaticFiles files =
                new StaticFiles(ctx, scope, paths, config.http(), config.mimeTypes());
        routes = new RouteBuilder(config, ctx.counters, scope, paths,
                new Told(files),
                gates, (log, format) -> x -> { }).build();
        dispatcher = new Dispatcher(config, routes, paths, this::metrics);
        nearMisses = new NearMisses(config, new RouteProbes(scope), secrets);
        parser = new RequestParser(ParseLimits.of(config.http().requestLineBytesMax(),
                config.http().largeHeaderBufferBytes(), config.http().maxHeaders(),
                config.http().underscoresInHeaders()));
        head = new RequestHead(config.http().maxHeaders());
        exchange = new Exchange(ctx, head, client, dispatcher);
        client.of(exchange);
    }

    private Explanation told() {
        return told;
    }

    /** What becomes of the request, and why other servers and locations were not taken. */
    Explanation explain(Asked asked) {
        Explanation all = follow(asked);
        if (exchange.server != null && !all.server.isEmpty()) {
            Explanation others = new Explanation();
            nearMisses.servers(exchange, all.listener, others);
            all.lines().addAll(1, others.lines());
            tellLost();
        }
        return all;
    }

    /** What becomes of the request. */
    Explanation follow(Asked request) {
        asked = request;
        told = new Explanation();
        soughtLocation = null;
        soughtPath = new byte[0];
        int listen = ListenerChoice.of(listens, asked);
        if (listen < 0) {
            told.unheard = ListenerChoice.whyNone(listens, asked);
            return told;
        }
        ListenConfig at = listens.get(listen);
        told.listener = at.key();
        told.add("listener", at.key() + (at.ssl() ? " ssl" : "") + (at.auto() ? " auto" : "")
                + (at.proxyProtocol() ? " proxy_protocol" : ""), at.at());
        int stream = config.streamAt(at);
        if (stream >= 0 && !at.auto()) {
            StreamConfig one = config.streams().get(stream);
            told.add("stream", one.name() + ": bytes are passed on unseen to "
                    + one.proxy().upstream(), one.at());
            told.upstream = one.proxy().upstream();
            return told;
        }
        byte[] bytes = asked.head().getBytes(StandardCharsets.UTF_8);
        input.put(0, bytes, 0, Math.min(bytes.length, HEAD_BYTES_MAX));
        parser.reset(0);
        int end = parser.parse(head, input, Math.min(bytes.length, HEAD_BYTES_MAX));
        client.begin(asked, listen, tls(asked, listen), ListenerChoice.localAddress(at, asked),
                at.port());
        exchange.begin(0, SystemClock.INSTANCE.nowMs());
        dispatch(end);
        finish();
        return told;
    }

    private TlsFacts tls(Asked asked, int listen) {
        if (!asked.secure() || !routes.hasServer(listen)) {
            return null;
        }
        int server = routes.serverFor(listen, asked.host());
        return new TlsFacts(server, "TLSv1.3", "TLS_AES_128_GCM_SHA256", asked.host(), false, null,
                0);
    }

    private void dispatch(int end) {
        if (end == RequestParser.BAD || end == RequestParser.NEED_MORE) {
            told.add("request", end == RequestParser.NEED_MORE ? "its head is too long"
                    : head.error.sentence() + " (" + head.error.rfcSection() + ")");
            dispatcher.onBadRequest(exchange, head.error == null ? 431 : head.error.status());
        } else {
            // Not the loop's thread: whatever waits for another one has been left out.
            dispatcher.onRequest(exchange);
        }
    }

    private void finish() {
        if (told.upstream.isEmpty() && told.status == 0) {
            answered();
        }
        if (exchange.server != null) {
            told.server = exchange.server.name();
        }
        if (exchange.state != ExchangeState.ENDED) {
            exchange.responder.onClientGone(exchange);
            if (exchange.state != ExchangeState.ENDED) {
                exchange.responder = Responder.NONE;
                exchange.end();
            }
        }
    }

    private void answered() {
        told.status = exchange.status;
        String fields = client.answerHead();
        told.add("answer", exchange.status == 0
                ? "none, the connection is closed (" + exchange.termination + ")"
                : Integer.toString(exchange.status));
        LocationConfig location = exchange.location == null ? null : exchange.location.config;
        for (String line : fields.split("\r\n")) {
            if (!line.isEmpty()) {
                tellField(line, location == null ? List.of() : location.headers().set(),
                        location == null ? List.of() : location.headers().add());
            }
            if (line.regionMatches(true, 0, "Location: ", 0, 10)) {
                told.redirect = line.substring(10);
            }
        }
    }

    /** @param set and added: the rules that may have made it */
    private void tellField(String line, List<HeaderRule> set, List<HeaderRule> added) {
        int colon = line.indexOf(':');
        if (colon < 0) {
            told.add("", line);
            return;
        }
        String name = line.substring(0, colon);
        List<HeaderRule> rules = new ArrayList<>(set);
        rules.addAll(added);
        told.add("", name + ": " + secrets.shown(name, line.substring(colon + 1).strip(), rules));
    }

    /** A location was found, by this path. */
    private void enter(Exchange x) {
        Location location = x.location;
        soughtPath = path(x);
        soughtLocation = location.config;
        told.location = location.label;
        if (x.errorStatus != 0) {
            told.add("error page", (x.errorStatus > 0 ? "for " + x.errorStatus
                    : "with a status of its own") + ": " + text(soughtPath));
        }
        told.add("location", location == x.server.fallback ? "none fits "
                + text(soughtPath) + ": the settings of the server" : location.label
                + (location.config.label().equals(location.label) ? "" : " (with a slash)"),
                location.config.at());
    }

    /** Tells what rules do, whatever they are. */
    private Rewriter trace(Rewriter rules, List<RewriteConfig> configs, boolean ofLocation) {
        return x -> {
            if (ofLocation) {
                enter(x);
            }
            String before = text(path(x));
            Rewriter.Outcome outcome = rules.apply(x);
            String after = text(path(x));
            if (outcome != Rewriter.Outcome.CONTINUE || !before.equals(after)) {
                told.add("rewrite", outcome == Rewriter.Outcome.ANSWERED ? before + " is answered"
                        : before + " -> " + after + (outcome == Rewriter.Outcome.RELOCATE
                                ? ", a location is looked for anew" : ""),
                        configs.isEmpty() ? null : configs.getFirst().at());
            }
            return outcome;
        };
    }

    /** What answers in a location, as far as it needs nobody else. */
    private final class Told implements ContentFactory {
        private final StaticFiles files;

        Told(StaticFiles files) {
            this.files = files;
        }

        @Override
        public ContentHandler contentFor(LocationConfig one, Location location) {
            return one.proxy() != null ? Explainer.this::passOn : files(files, one);
        }

        @Override
        public ContentHandler tunnelFor(LocationConfig one) {
            return x -> {
                String leads = TunnelPreview.of(one.connect(), x.request);
                told.add("tunnel", leads == null ? "refused by connect_allow" : leads);
                if (leads != null) {
                    told.upstream = "tunnel";
                    told.target = asked.target();
                }
                Answers.status(x, leads == null ? 403 : 204);
            };
        }
    }

    private void metrics(Exchange x) {
        told.add("metrics", "of all workers");
        Answers.status(x, 200);
    }

    private void passOn(Exchange x) {
        LocationConfig one = proxies.chosen(x.location.config, x);
        if (one == null) {
            told.add("proxy", "no upstream has the name that " + x.location.config.proxy().choice()
                    .name() + " has chosen");
            Answers.status(x, 502);
            return;
        }
        told.location = x.location.label;
        int answered = gates.cache(one, x);
        if (answered != 0) {
            Answers.status(x, answered);
            return;
        }
        String request = proxies.head(one, x);
        String line = request.substring(0, request.indexOf('\r'));
        told.upstream = one.proxy().upstream();
        told.target = line.substring(line.indexOf(' ') + 1, line.lastIndexOf(' '));
        gates.upstream(one, told);
        told.add("request", line);
        request.substring(line.length() + 2).lines().filter(l -> !l.isEmpty())
                .forEach(field -> tellField(field, one.proxy().headers().set(),
                        one.proxy().headers().add()));
        gates.answer(one, told);
        Answers.status(x, 204);
    }

    private ContentHandler files(StaticFiles files, LocationConfig one) {
        ContentHandler real = files.handler(one);
        return x -> {
            told.add("files", (one.statics().root() == null ? "alias " + one.statics().alias()
                    : "root " + one.statics().root())
                    + (one.statics().tryFiles().isEmpty() ? ""
                            : ", try_files " + String.join(" ", one.statics().tryFiles())));
            real.handle(x);
        };
    }

    /** Who else fits the path by which the last location was found. */
    private void tellLost() {
        ByteBuffer path = ByteBuffer.allocateDirect(Math.max(1, soughtPath.length))
                .order(ByteOrder.LITTLE_ENDIAN).put(0, soughtPath);
        if (soughtPath.length == 0) {
            return;
        }
        exchange.pathBuffer = path;
        exchange.pathOffset = 0;
        exchange.pathLength = soughtPath.length;
        ServerConfig server = exchange.server.config;
        LocationConfig found = soughtLocation == server.fallback() ? null : soughtLocation;
        Explanation others = new Explanation();
        nearMisses.locations(server, found, exchange, others);
        List<String> lines = told.lines();
        int at = lines.size();
        while (at > 0 && !lines.get(at - 1).startsWith("location ")) {
            at--;
        }
        lines.addAll(at, others.lines());
    }

    private static byte[] path(Exchange x) {
        byte[] copy = new byte[Math.max(0, x.pathLength)];
        if (copy.length > 0) {
            x.pathBuffer.get(x.pathOffset, copy);
        }
        return copy;
    }

    private static String text(byte[] bytes) {
        return new String(Arrays.copyOf(bytes, Math.min(bytes.length, 2048)),
                StandardCharsets.UTF_8);
    }
}
