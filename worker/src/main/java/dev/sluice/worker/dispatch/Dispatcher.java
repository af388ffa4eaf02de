package dev.sluice.worker.dispatch;

import dev.sluice.common.config.SluiceConfig;
import dev.sluice.common.counters.Termination;
import dev.sluice.common.log.Level;
import dev.sluice.worker.answer.Answers;
import dev.sluice.worker.answer.ExchangeLines;
import dev.sluice.worker.answer.ExchangePath;
import dev.sluice.worker.exchange.ContentHandler;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.ExchangeState;
import dev.sluice.worker.exchange.FlightFacts;
import dev.sluice.worker.exchange.Gate;
import dev.sluice.worker.exchange.RequestHandler;
import dev.sluice.worker.exchange.Responder;
import dev.sluice.worker.exchange.Rewriter.Outcome;
import dev.sluice.worker.http.Method;
import dev.sluice.worker.http.ParseError;
import dev.sluice.worker.http.RequestHead;
import dev.sluice.worker.http.Status;
import dev.sluice.worker.http.TargetForm;
import dev.sluice.worker.route.RouteTable;
import dev.sluice.worker.watch.DebugClients;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Takes a request through its phases; the first that answers ends it:
 *
 * <pre>
 *   server by address and Host ─► who the client is ─► its certificate
 *     ─► what no server serves
 *     ─► canonical path ─► gates of the server
 *     ─► rewrite rules of the server ─► location ─► rewrite rules of the location
 *     ─► length of the body ─► /healthz ─► gates of the location ─► /metrics
 *     ─► content of the location, or its tunnel for CONNECT, else 404
 * </pre>
 *
 * An internal redirect starts again at the rewrite rules of the server, one to a named location at
 * the rewrite rules of that location.
 *
 * <p>Built at boot, then read-only; its parts belong to the event loop.
 */
public final class Dispatcher implements RequestHandler {

    /** As many as in nginx: more are a cycle. */
    private static final int REDIRECTS_MAX = 10;

    private static final byte[] ALLOW = ascii("GET, HEAD, POST, PUT, DELETE, OPTIONS, PATCH");
    private static final byte[] METRICS = ascii("/metrics");
    /** Of the operators' own address alone. */
    private static final byte[][] ADMIN_PAGES = {ascii("/status"), ascii("/status.json"),
        ascii("/status/events"), ascii("/stub_status")};
    private static final byte[] HEALTH = ascii("/healthz");
    private static final byte[] TEXT_PLAIN = ascii("text/plain");
    private static final ByteBuffer OK = ByteBuffer.allocateDirect(3).put(0, ascii("ok\n"));

    private final RouteTable routes;
    private final ExchangePath paths;
    private final ExchangeLines lines;
    private final ClientCheck clients;
    private final ContentHandler metrics;
    /** The place of [admin] among the servers, which is the last; -1 without one. */
    private final int adminServer;
    /** Null without debug_connection: nothing of it is loaded then. */
    private final DebugClients debug;

    /** @param metrics what answers {@code /metrics} of the servers that have it, and pages of
     *     [admin] */
    public Dispatcher(SluiceConfig config, RouteTable routes, ExchangePath paths,
            ContentHandler metrics) {
        this.routes = routes;
        this.paths = paths;
        this.lines = new ExchangeLines(config);
        this.clients = new ClientCheck(config, lines);
        this.metrics = metrics;
        this.debug = config.events().debugClients().isEmpty() ? null
                : new DebugClients(config.events().debugClients());
        this.adminServer = config.admin() == null ? -1 : config.servers().size() - 1;
    }

    /** Null without debug_connection. */
    public DebugClients debugClients() {
        return debug;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void onRequest(Exchange x) {
        RequestHead head = x.request;
        routes.serve(x);
        x.location = x.server.fallback;
        if (x.server.clients != null) {
            x.server.clients.find(x);
        }
        FlightFacts.begin(x);
        if (debug != null) {
            debug.received(x);
        }
        if (x.server.asksForCertificate && clients.refuses(x)) {
            return;
        }
        if (head.method == Method.TRACE) {
            refuseTrace(x);
            return;
        }
        if (head.method == Method.CONNECT && !x.server.tunnels) {
            Answers.methodNotAllowed(x, ALLOW);
            return;
        }
        if (head.form == TargetForm.ASTERISK) {
            Answers.options(x, ALLOW);
            return;
        }
        ParseError error = paths.receive(x);
        if (error != null) {
            lines.log(x, Level.INFO, "client sent an unusable path", error.sentence());
            Answers.builtIn(x, error.status());
            return;
        }
        if (x.server.gates.length > 0 && x.parent == null) {
            x.gates = x.server.gates;
            x.gateIndex = 0;
            enterGates(x);
        } else {
            route(x);
        }
    }

    /** Nobody has it; the others are those of what the path leads to (RFC 9110 §15.5.6). */
    private void refuseTrace(Exchange x) {
        if (x.request.form != TargetForm.ASTERISK && paths.receive(x) == null) {
            routes.locate(x);
        }
        byte[] own = x.location.content().methods();
        Answers.methodNotAllowed(x, own == null ? ALLOW : own);
    }

    @Override
    public void onInternalRedirect(Exchange x) {
        if (mayGoOn(x)) {
            route(x);
        }
    }

    @Override
    public void onNamedLocation(Exchange x, String name) {
        if (mayGoOn(x)) {
            x.location = routes.named(x, name);
            enter(x);
        }
    }

    private boolean mayGoOn(Exchange x) {
        if (++x.redirects <= REDIRECTS_MAX) {
            return true;
        }
        lines.log(x, Level.ERROR, "more than " + REDIRECTS_MAX + " internal redirects", null);
        Answers.builtIn(x, 500);
        return false;
    }

    private void route(Exchange x) {
        x.location = x.server.fallback;
        if (x.server.rewriter.apply(x) == Outcome.ANSWERED) {
            return;
        }
        routes.locate(x);
        enter(x);
    }

    /** Applies the rules of the location, and of those that they lead to. */
    private void enter(Exchange x) {
        while (true) {
            if (x.location.config.route().internal() && !x.pathChanged) {
                Answers.status(x, 404);
                return;
            }
            Outcome outcome = x.location.rewriter.apply(x);
            if (outcome == Outcome.CONTINUE) {
                break;
            }
            if (outcome == Outcome.ANSWERED || !mayGoOn(x)) {
                return;
            }
            routes.locate(x);
        }
        serve(x);
    }

    private void serve(Exchange x) {
        if (x.steps != null) {
            x.steps.step(x, "location chosen", x.location.label.isEmpty() ? "none" : null);
        }
        x.leaveLocation();
        long bodyBytesMax = x.location.config.client().maxBodyBytes();
        if (bodyBytesMax > 0 && x.request.contentLength > bodyBytesMax && !Answers.isErrorPage(x)) {
            bodyTooLarge(x);
        } else if (isPath(x, HEALTH) && isRead(x)) {
            // Before the gates: who watches the server has no password, and must not be told that
            // it is down because others ask too much.
            Answers.text(x, 200, TEXT_PLAIN, OK, 0, OK.capacity(), true);
        } else {
            // A sub-request is asked by a gate, and must not come to one.
            x.gates = x.parent == null ? x.location.gates : Gate.NONE;
            x.gateIndex = 0;
            enterGates(x);
        }
    }

    private void enterGates(Exchange x) {
        Gate[] gates = x.gates;
        while (x.gateIndex < gates.length) {
            Gate gate = gates[x.gateIndex];
            if (gate.enter(x) != Gate.Outcome.PASS) {
                if (x.steps != null) {
                    x.steps.step(x, "answered or held at a gate", gate.getClass().getSimpleName());
                }
                return;
            }
            x.gateIndex++;
        }
        if (gates == x.server.gates && gates != Gate.NONE) {
            route(x);
        } else if (x.server.config.metrics() && isOperatorPage(x)) {
            metrics.handle(x);
        } else if (x.request.method == Method.CONNECT) {
            tunnel(x);
        } else {
            if (x.steps != null) {
                x.steps.step(x, "content begins",
                        x.location.content().getClass().getSimpleName());
            }
            x.location.content().handle(x);
        }
    }

    private static void tunnel(Exchange x) {
        ContentHandler tunnel = x.location.tunnel();
        if (tunnel != null) {
            tunnel.handle(x);
        } else {
            Answers.methodNotAllowed(x, ALLOW);
        }
    }

    @Override
    public void onGatePassed(Exchange x) {
        assert x.state == ExchangeState.AT_GATE && x.responder == Responder.NONE;
        x.state = ExchangeState.ROUTING;
        x.gateIndex++;
        enterGates(x);
    }

    private void bodyTooLarge(Exchange x) {
        x.terminate(Termination.CLIENT_BODY_TOO_LARGE);
        lines.log(x, Level.WARN, "client announced a body above client_max_body_size",
                x.request.contentLength + " bytes");
        Answers.status(x, 413);
    }

    private boolean isOperatorPage(Exchange x) {
        if (isPath(x, METRICS)) {
            return true;
        }
        if (x.server.index != adminServer) {
            return false;
        }
        for (byte[] page : ADMIN_PAGES) {
            if (isPath(x, page)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isRead(Exchange x) {
        return x.request.method == Method.GET || x.request.method == Method.HEAD;
    }

    private static boolean isPath(Exchange x, byte[] path) {
        if (x.pathLength != path.length) {
            return false;
        }
        for (int i = 0; i < path.length; i++) {
            if (x.pathBuffer.get(x.pathOffset + i) != path[i]) {
                return false;
            }
        }
        return true;
    }

    /**
     * A head that is broken is answered by the default server of its address: its Host cannot be
     * trusted. A broken body is answered where its request was.
     */
    @Override
    public void onBadRequest(Exchange x, int status) {
        ParseError error = x.request.error;
        if (x.server != null) {
            Answers.status(x, status);
            return;
        }
        if (status == Status.PLAIN_ON_TLS) {
            routes.serve(x);
            x.location = x.server.fallback;
            Answers.status(x, status);
            return;
        }
        x.server = routes.defaultServer(x.client.listenIndex());
        x.location = x.server.fallback;
        if (error != null) {
            lines.log(x, Level.INFO, "client sent an invalid request", error.sentence());
        }
        Answers.builtIn(x, status);
    }
}
