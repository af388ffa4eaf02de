package dev.sluice.modules.otel;

import dev.sluice.module.Hooks;
import dev.sluice.module.HttpExchange;
import dev.sluice.module.ModuleContext;
import dev.sluice.module.ModuleCounter;
import dev.sluice.module.ModuleException;
import dev.sluice.module.ModuleInstance;
import dev.sluice.module.Phase;
import dev.sluice.module.Route;
import dev.sluice.module.SluiceModule;
import dev.sluice.module.Slot;
import dev.sluice.module.Text;
import dev.sluice.module.Verdict;
import java.time.InstantSource;

/** Records requests of locations with {@code otel = on}, as far as their traces are sampled. */
public final class OtelModule implements SluiceModule {

    private final InstantSource clock;

    public OtelModule() {
        this(InstantSource.system());
    }

    /** @param clock tells when spans begin and end */
    OtelModule(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public ModuleInstance open(ModuleContext context) throws ModuleException {
        return new Instance(context, clock);
    }

    private static final class Instance implements ModuleInstance {

        private final InstantSource clock;
        private final Slot<Recording> slot;
        private final Text traceparent;
        private final Spans spans;
        private final Outbox outbox;
        private final ModuleCounter queued;
        private final ModuleCounter dropped;
        private final ModuleCounter lost;

        Instance(ModuleContext context, InstantSource clock) throws ModuleException {
            this.clock = clock;
            this.slot = context.slot();
            this.traceparent = context.text("$traceparent");
            this.outbox = new Outbox(Destination.of(context.settings()), context.log());
            this.spans = new Spans(context, context.settings().text("service"), outbox);
            this.queued = context.counter("queued");
            this.dropped = context.counter("dropped");
            this.lost = context.counter("lost");
        }

        @Override
        public void install(Route route, Hooks hooks) {
            if (!route.settings().flag("otel")) {
                return;
            }
            Sampling sampling = new Sampling(route.settings().number("otel_one_of"));
            String name = route.location();
            hooks.on(Phase.PREACCESS, x -> {
                begin(x, sampling, name);
                return Verdict.NEXT;
            });
            hooks.onUpstreamRequest((x, head) -> {
                Recording recording = x.get(slot);
                if (recording != null) {
                    head.set("traceparent", recording.asksPeer(clock.instant()));
                }
            });
            hooks.onLog(this::end);
        }

        private void begin(HttpExchange x, Sampling sampling, String location) {
            Recording recording = x.get(slot);
            if (recording != null) {
                // It was sent elsewhere: where it ends up is what it is called after.
                recording.location = location;
                return;
            }
            recording = Recording.of(x.text(traceparent), x.header("traceparent"), sampling,
                    clock.instant());
            if (recording != null) {
                recording.location = location;
                x.put(slot, recording);
            }
        }

        private void end(HttpExchange x) {
            Recording recording = x.get(slot);
            if (recording != null && recording.sampled) {
                int refused = spans.end(x, recording, clock.instant());
                queued.add(1 + recording.tries() - refused);
                dropped.add(refused);
            }
            lost.add(outbox.takeLost());
        }

        @Override
        public void start() {
            outbox.start();
        }

        @Override
        public void close() {
            outbox.close();
        }
    }
}
