package dev.sluice.modules.mirror;

import dev.sluice.module.Hooks;
import dev.sluice.module.HttpExchange;
import dev.sluice.module.ModuleContext;
import dev.sluice.module.ModuleCounter;
import dev.sluice.module.ModuleException;
import dev.sluice.module.ModuleInstance;
import dev.sluice.module.Route;
import dev.sluice.module.Settings;
import dev.sluice.module.SluiceModule;
import dev.sluice.module.Text;
import java.util.Set;

/** Hands copies of requests to {@link Senders} when their exchanges have ended. */
public final class MirrorModule implements SluiceModule {

    static final String MARK = "X-Sluice-Mirrored";

    private static final String OFF = "off";
    private static final Set<String> SAFE = Set.of("GET", "HEAD");
    /** Of the connection (RFC 9110 §7.6.1), and those that are said anew. */
    private static final Set<String> LEFT_OUT = Set.of("connection", "keep-alive", "te",
            "transfer-encoding", "upgrade", "trailer", "proxy-connection", "expect", "host",
            "content-length", "http2-settings", "x-sluice-mirrored");

    @Override
    public ModuleInstance open(ModuleContext context) throws ModuleException {
        return new Instance(context);
    }

    private static final class Instance implements ModuleInstance {

        private final Senders senders;
        private final Text target;
        private final ModuleCounter queued;
        private final ModuleCounter dropped;

        Instance(ModuleContext context) throws ModuleException {
            Settings settings = context.settings();
            senders = new Senders(settings.number("in_flight"), settings.number("waiting"),
                    (int) settings.time("give_up").toMillis(), context.log());
            target = context.text("$request_uri");
            queued = context.counter("queued");
            dropped = context.counter("dropped");
        }

        @Override
        public void install(Route route, Hooks hooks) throws ModuleException {
            Settings settings = route.settings();
            if (!settings.has("mirror") || settings.text("mirror").equals(OFF)) {
                return;
            }
            Destination to = Destination.parse(settings.text("mirror"));
            Share share = new Share(settings.number("mirror_share"));
            hooks.onLog(x -> {
                if (SAFE.contains(x.method()) && x.header(MARK) == null && share.takes()) {
                    (senders.offer(new Copy(to, head(x))) ? queued : dropped).add(1);
                }
            });
        }

        private String head(HttpExchange x) {
            StringBuilder head = new StringBuilder(x.method()).append(' ').append(x.text(target))
                    .append(" HTTP/1.1\r\nHost: ").append(x.authority())
                    .append("\r\nConnection: close\r\n").append(MARK).append(": 1\r\n");
            for (String name : x.headerNames()) {
                if (!LEFT_OUT.contains(name)) {
                    for (String value : x.headers(name)) {
                        head.append(name).append(": ").append(value).append("\r\n");
                    }
                }
            }
            return head.append("\r\n").toString();
        }

        @Override
        public void start() {
            senders.start();
        }

        @Override
        public void close() {
            senders.close();
        }
    }

    /** Every hundred requests have their share of copies, spread evenly. Owner: event loop. */
    static final class Share {
        private static final int WHOLE = 100;
        private final int percent;
        private int sum;

        Share(int percent) {
            this.percent = percent;
        }

        boolean takes() {
            sum += percent;
            if (sum < WHOLE) {
                return false;
            }
            sum -= WHOLE;
            return true;
        }
    }
}
