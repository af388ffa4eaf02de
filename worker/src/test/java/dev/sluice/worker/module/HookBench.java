package dev.sluice.worker.module;

import dev.sluice.common.config.SluiceConfig;
import dev.sluice.module.Phase;
import dev.sluice.worker.access.AccessGates;
import dev.sluice.worker.answer.ExchangePath;
import dev.sluice.worker.config.ConfigText;
import dev.sluice.worker.dispatch.RoutingHarness;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.Gate;
import dev.sluice.worker.loop.LoopContext;
import dev.sluice.worker.route.GateFactory;
import dev.sluice.worker.variables.WorkerScope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Nanoseconds of a hook that does nothing, loaded from a jar as in a worker: the goal is 50 and no
 * memory ({@code -prof gc}). Each call is that of a new exchange. Run as the benchmark of routing.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = {"-XX:+UseSerialGC", "-Xmx256m"})
public class HookBench {

    private Exchange x;
    private Gate gate;
    private Modules modules;

    @Setup
    public void build() throws IOException {
        Path folder = Files.createTempDirectory("hooks");
        Path jar = ScriptedServer.scripted().write(folder.resolve("scripted.jar"));
        SluiceConfig config = ConfigText.of("[main]", "modules = " + jar, "[server www]",
                "listen = 80", "[location www /]", "root = /tmp", "scripted = next");
        RoutingHarness h = new RoutingHarness(config, new RoutingHarness.GateMaker() {
            @Override
            public void define(LoopContext ctx, WorkerScope scope, ExchangePath paths) {
                modules = new Modules(config, ctx, scope, paths, Runnable::run);
            }

            @Override
            public GateFactory make(LoopContext ctx, WorkerScope scope, ExchangePath paths) {
                modules.open();
                return new OnlyModules(modules, new AccessGates(config, scope, paths));
            }
        });
        Files.delete(jar);
        Files.delete(folder);
        List<Gate> gates = modules.of(config.servers().getFirst().locations().getFirst())
                .gates(Phase.ACCESS);
        gate = gates.getFirst();
        x = h.client.request("GET / HTTP/1.1\nHost: www.example.com");
    }

    @Benchmark
    public Gate.Outcome hookThatDoesNothing() {
        x.view = null;
        return gate.enter(x);
    }
}
