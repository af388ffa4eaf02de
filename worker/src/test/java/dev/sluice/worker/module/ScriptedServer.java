package dev.sluice.worker.module;

import dev.sluice.common.config.SluiceConfig;
import dev.sluice.module.testkit.ModuleJarBuilder;
import dev.sluice.worker.access.AccessGates;
import dev.sluice.worker.answer.ExchangePath;
import dev.sluice.worker.config.ConfigText;
import dev.sluice.worker.dispatch.RoutingHarness;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.RecordingStream;
import dev.sluice.worker.loop.LoopContext;
import dev.sluice.worker.route.GateFactory;
import dev.sluice.worker.variables.WorkerScope;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A server with {@link ScriptedModule}, for tests of what hooks do. Owner: one test thread. */
class ScriptedServer {

    @TempDir
    Path folder;

    RoutingHarness h;
    SluiceConfig config;
    Modules modules;
    final BlockingQueue<Runnable> mail = new LinkedBlockingQueue<>();

    @BeforeEach
    final void setUp() {
        scripted().write(folder.resolve("scripted.jar"));
    }

    static ModuleJarBuilder scripted() {
        return ModuleJarBuilder.of("scripted")
                .attribute("Sluice-Module-Variables", "scripted_path twice_*")
                .attribute("Sluice-Module-Balancers", "scripted_last")
                .attribute("Sluice-Module-Counters", "seen").keys(ScriptedModule.KEYS)
                .classes(ScriptedModule.class, inner("Instance"));
    }

    private static Class<?> inner(String name) {
        for (Class<?> one : ScriptedModule.class.getDeclaredClasses()) {
            if (one.getSimpleName().equals(name)) {
                return one;
            }
        }
        throw new AssertionError(name);
    }

    /** A server whose location does this. */
    final void with(String does, String... ofModule) {
        withKeys(does, "", ofModule);
    }

    /** The same with keys of the location. */
    final void withKeys(String does, String keys, String... ofModule) {
        String[] lines = {"[main]", "modules = " + folder.resolve("scripted.jar"),
            "[module scripted]", String.join("\n", ofModule), "[map mapped]",
            "source = $scripted_path", "value = \"</a/b>\" is_it", "[server www]", "listen = 80",
            does.equals("server_first") ? "scripted = server_first" : "",
            "[location www /]", "root = /tmp", keys, "scripted = " + does,
            "[location www /other/]", "root = /tmp"};
        config = ConfigText.of(lines);
        h = new RoutingHarness(config, new RoutingHarness.GateMaker() {
            @Override
            public void define(LoopContext ctx, WorkerScope scope, ExchangePath paths) {
                modules = new Modules(config, ctx, scope, paths, mail::add);
            }

            @Override
            public GateFactory make(LoopContext ctx, WorkerScope scope, ExchangePath paths) {
                modules.open();
                return new OnlyModules(modules, new AccessGates(config, scope, paths));
            }
        });
    }

    final RecordingStream get(String... fields) {
        ask(fields);
        return h.client.finish();
    }

    /** A request that may have to wait. */
    final void ask(String... fields) {
        Exchange x = h.client.request("GET /a/b?c=d HTTP/1.1\nHost: www.example.com"
                + (fields.length == 0 ? "" : "\n" + String.join("\n", fields)));
        x.pathBuffer = null;
        x.pathLength = 0;
        h.onRequest(x);
    }

    /** The same of a request that has to wait; what other threads hand in is done. */
    final RecordingStream getLater(String... fields) throws InterruptedException {
        ask(fields);
        mail.poll(10, TimeUnit.SECONDS).run();
        // A blocking hook comes back to the loop first, and then to its request.
        for (Runnable more = mail.poll(); more != null; more = mail.poll()) {
            more.run();
        }
        return h.client.finish();
    }

    final RecordingStream get(String path, String field) {
        Exchange x = h.client.request("GET " + path + " HTTP/1.1\nHost: www.example.com\n" + field);
        x.pathBuffer = null;
        x.pathLength = 0;
        h.onRequest(x);
        return h.client.finish();
    }
}
