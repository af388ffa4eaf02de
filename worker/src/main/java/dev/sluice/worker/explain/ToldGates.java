package dev.sluice.worker.explain;

import dev.sluice.common.config.AccessConfig;
import dev.sluice.common.config.AccessLogConfig;
import dev.sluice.common.config.AccessRule;
import dev.sluice.common.config.AdminUser;
import dev.sluice.common.config.ErrorPageConfig;
import dev.sluice.common.config.HeaderRule;
import dev.sluice.common.config.HeadersConfig;
import dev.sluice.common.config.LimitConfig;
import dev.sluice.common.config.LimitsConfig;
import dev.sluice.common.config.LocationConfig;
import dev.sluice.common.config.ModuleJar;
import dev.sluice.common.config.ModuleSettings;
import dev.sluice.common.config.PeerConfig;
import dev.sluice.common.config.ProxyConfig;
import dev.sluice.common.config.RewriteConfig;
import dev.sluice.common.config.SecretValues;
import dev.sluice.common.config.SluiceConfig;
import dev.sluice.common.config.UpstreamConfig;
import dev.sluice.common.counters.PeerLabel;
import dev.sluice.worker.access.AddressRules;
import dev.sluice.worker.answer.Answers;
import dev.sluice.worker.answer.CorsRules;
import dev.sluice.worker.answer.HttpsRules;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.Gate;
import dev.sluice.worker.exchange.Location;
import dev.sluice.worker.exchange.Rewriter;
import dev.sluice.worker.exchange.Server;
import dev.sluice.worker.route.GateFactory;
import dev.sluice.worker.variables.Template;
import dev.sluice.worker.variables.WorkerScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The gates of a location for somebody who only asks: those that need nothing but the request
 * decide as they do in a worker; those that keep count, ask others or compare passwords are told,
 * and let everybody in.
 *
 * <p>Owner: the calling thread.
 */
final class ToldGates implements GateFactory {

    private static final int FORBIDDEN = 403;

    /** Puts somebody who tells around rules. */
    interface Tracer {
        Rewriter around(Rewriter rules, List<RewriteConfig> configs, boolean ofLocation);
    }

    private final SluiceConfig config;
    private final WorkerScope scope;
    private final Supplier<Explanation> told;
    private final Tracer tracer;
    private final SecretValues secrets;
    private final ToldCodings codings;
    private final ToldCache caches;
    private final Map<PeerLabel, String> livePeers;

    /** @param livePeers what is to be told of peers, beside what the configuration says */
    ToldGates(SluiceConfig config, WorkerScope scope, SecretValues secrets,
            Supplier<Explanation> told, Tracer tracer, Map<PeerLabel, String> livePeers) {
        this.secrets = secrets;
        codings = new ToldCodings(this::text, secrets);
        caches = new ToldCache(this::text, secrets);
        this.livePeers = livePeers;
        this.config = config;
        this.scope = scope;
        this.told = told;
        this.tracer = tracer;
    }

    @Override
    public Gate[] gatesFor(LocationConfig location) {
        List<Gate> gates = new ArrayList<>();
        if (location.coding() != null) {
            gates.add(x -> {
                codings.tell(location.coding(), x, told.get());
                return Gate.Outcome.PASS;
            });
        }
        Gate https = HttpsRules.gateOf(location);
        if (https != null) {
            gates.add(https);
        }
        gates.add(x -> {
            limits(location.limits(), x);
            return Gate.Outcome.PASS;
        });
        Gate cors = CorsRules.of(location);
        if (cors != null) {
            gates.add(cors);
        }
        if (!location.access().admitsAll()) {
            gates.add(access(location.access()));
        }
        gates.add(x -> {
            modules(location);
            logs(location);
            return Gate.Outcome.PASS;
        });
        return gates.toArray(Gate[]::new);
    }

    @Override
    public Gate[] gatesOf(Server server) {
        server.rewriter = tracer.around(server.rewriter, server.config.rewrites(), false);
        return Gate.NONE;
    }

    @Override
    public void furnish(Location location) {
        location.rewriter = tracer.around(location.rewriter, location.config.rewrites(), true);
    }

    /**
     * What stands before the upstream, if anything does.
     *
     * @return the status that it answers with itself; 0 when the request goes on
     */
    int cache(LocationConfig location, Exchange x) {
        ProxyConfig proxy = location.proxy();
        return proxy.cache() == null ? 0
                : caches.tell(proxy.cache(), proxy.upstream(), x, told.get());
    }

    private void limits(LimitsConfig limits, Exchange x) {
        for (LimitsConfig.Rate rate : limits.rates()) {
            LimitConfig limit = limit(rate.name());
            told.get().add("limit", limit.name() + ": " + limit.rate() + " burst=" + rate.burst()
                    + key(limit, x), limit.at());
        }
        for (LimitsConfig.Connections connections : limits.connections()) {
            LimitConfig limit = limit(connections.name());
            told.get().add("limit", limit.name() + ": " + connections.most()
                    + " at once" + key(limit, x), limit.at());
        }
    }

    private LimitConfig limit(String name) {
        for (LimitConfig limit : config.limits()) {
            if (limit.name().equals(name)) {
                return limit;
            }
        }
        throw new IllegalArgumentException("no limit \"" + name + "\"");
    }

    private String key(LimitConfig limit, Exchange x) {
        String key = text(limit.key(), x);
        return key.isEmpty() ? ", not limited: its key is empty"
                : " for \"" + secrets.shown(limit.key(), key) + "\""
                        + (limit.shadow() ? ", counts only" : "");
    }

    private Gate access(AccessConfig access) {
        AddressRules rules = new AddressRules(access.rules());
        return x -> {
            boolean admitted = access.rules().isEmpty() || rules.admit(x.client);
            tellAccess(access, admitted);
            // Who comes from elsewhere may still be let in by what is asked of others.
            if (!admitted && !(access.satisfyAny() && access.authRequest() != null)) {
                Answers.status(x, FORBIDDEN);
                return Gate.Outcome.ANSWERED;
            }
            return Gate.Outcome.PASS;
        };
    }

    private void tellAccess(AccessConfig access, boolean admitted) {
        List<String> all = new ArrayList<>();
        if (!access.rules().isEmpty()) {
            StringBuilder rules = new StringBuilder(admitted ? "let in by" : "refused by");
            for (AccessRule rule : access.rules()) {
                rules.append(rule.allow() ? " allow " : " deny ").append(rule.network());
            }
            all.add(rules.toString());
        }
        if (access.authRequest() != null) {
            all.add("auth_request " + access.authRequest().uri());
        }
        if (!access.users().isEmpty()) {
            all.add("the password of " + String.join(" or ",
                    access.users().stream().map(AdminUser::name).toList()));
        }
        told.get().add("access", String.join(access.satisfyAny() ? ", or " : ", and ", all));
    }

    private void modules(LocationConfig location) {
        for (int i = 0; i < location.modules().size() && i < config.modules().size(); i++) {
            ModuleSettings settings = location.modules().get(i);
            if (!settings.given().isEmpty()) {
                ModuleJar jar = config.modules().get(i).jar();
                told.get().add("module", jar.name()
                        + (jar.phases().isEmpty() ? "" : " in " + jar.phases()) + ": "
                        + String.join(", ", settings.given()));
            }
        }
    }

    private void logs(LocationConfig location) {
        for (AccessLogConfig log : location.accessLogs()) {
            told.get().add("log", log.path() + " " + log.format()
                    + (log.only() == null ? "" : ", some requests only"));
        }
    }

    /** Whom a request is passed on to. */
    void upstream(LocationConfig location, Explanation to) {
        ProxyConfig proxy = location.proxy();
        for (UpstreamConfig one : config.upstreams()) {
            if (one.name().equals(proxy.upstream())) {
                StringBuilder text = new StringBuilder(one.name()).append(": ")
                        .append(one.balance().method().name().toLowerCase(Locale.ROOT));
                for (PeerConfig peer : one.peers()) {
                    text.append(", ").append(peer.text()).append(peer.backup() ? " backup" : "")
                            .append(peer.down() ? " down" : "")
                            .append(peer.drain() ? " drain" : "")
                            .append(livePeers.getOrDefault(
                                    new PeerLabel(one.name(), peer.text()), ""));
                }
                to.add("upstream", text.toString(), one.at());
            }
        }
        if (!proxy.transport().isPlain()) {
            to.add("", (proxy.transport().tls() == null ? "" : "by TLS")
                    + (proxy.transport().http2() == null ? "" : " with HTTP/2"));
        }
    }

    /** What the location changes about the fields of the peer's answer. */
    void answer(LocationConfig location, Explanation to) {
        HeadersConfig headers = location.headers();
        for (HeaderRule rule : headers.set()) {
            to.add("answer", "set " + SecretValues.shown(rule));
        }
        for (HeaderRule rule : headers.add()) {
            to.add("answer", "add " + SecretValues.shown(rule));
        }
        for (ErrorPageConfig page : location.errorPages()) {
            to.add("error page", page.uri() + " for " + String.join(" ",
                    page.codes().stream().map(Object::toString).toList())
                    + (location.proxy().interceptsErrors() ? ""
                            : " of Sluice itself; those of peers are passed on"));
        }
    }

    private String text(String template, Exchange x) {
        ByteSink sink = scope.scratch();
        Template.compile(template, scope).append(x, sink);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < sink.position(); i++) {
            text.append((char) (sink.buffer().get(i) & 0xff));
        }
        return text.toString();
    }
}
