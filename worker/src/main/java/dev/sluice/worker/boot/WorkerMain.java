package dev.sluice.worker.boot;

import dev.sluice.common.clock.SystemClock;
import dev.sluice.common.config.ConfigError;
import dev.sluice.common.config.ConfigLoader;
import dev.sluice.common.config.LoadedConfig;
import dev.sluice.common.config.SluiceConfig;
import dev.sluice.common.control.WorkerOptions;
import dev.sluice.common.counters.CounterWriter;
import dev.sluice.common.log.StackTraces;
import dev.sluice.worker.accesslog.WorkerLogs;
import dev.sluice.worker.loop.EventLoop;
import java.io.IOException;

/**
 * Entry point of a worker process. Its words are {@link WorkerOptions}; the master writes them.
 *
 * <p>Exit codes: 0 told to end or the master is gone; 1 could not start, with the reason on
 * standard error; 2 an error in the loop, with its stack in the error log.
 */
public final class WorkerMain {

    private static final int EXIT_NOT_STARTED = 1;
    private static final int EXIT_LOOP_FAILED = 2;

    private Worker worker;
    private Throwable failure;

    private WorkerMain() {
    }

    public static void main(String[] words) {
        int code = new WorkerMain().run(words);
        // Not a return: a thread that somebody else started must not keep the process alive.
        Runtime.getRuntime().halt(code);
    }

    private int run(String[] words) {
        WorkerLogs logs;
        EventLoop loop;
        try {
            WorkerOptions options = WorkerOptions.parse(words);
            SluiceConfig config = load(options);
            CounterWriter counters = CounterWriter.open(options.counters());
            logs = WorkerLogs.open(config, counters, SystemClock.INSTANCE, options.slot());
            EventLoop[] self = new EventLoop[1];
            loop = new EventLoop("loop", SystemClock.INSTANCE,
                    () -> build(options, config, counters, logs, self[0]));
            self[0] = loop;
        } catch (IOException | IllegalArgumentException e) {
            System.err.println("sluice: [error] worker cannot start: " + e.getMessage());
            return EXIT_NOT_STARTED;
        }
        loop.start();
        return waitFor(loop, logs);
    }

    private static SluiceConfig load(WorkerOptions options) throws IOException {
        LoadedConfig loaded = ConfigLoader.loadEffective(options.config());
        if (loaded.config() == null) {
            StringBuilder all = new StringBuilder("the configuration it was given has errors");
            for (ConfigError error : loaded.errors()) {
                all.append('\n').append(error);
            }
            throw new IOException(all.toString());
        }
        return loaded.config();
    }

    private void build(WorkerOptions options, SluiceConfig config, CounterWriter counters,
            WorkerLogs logs, EventLoop loop) {
        try {
            worker = new Worker(options, config, counters, logs, loop);
            worker.start();
        } catch (RuntimeException | Error e) {
            failure = e;
            loop.stop();
        }
    }

    private int waitFor(EventLoop loop, WorkerLogs logs) {
        try {
            loop.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        boolean started = worker != null;
        Throwable broken = failure == null ? loop.failure() : failure;
        if (broken != null) {
            StackTraces.log(logs.errorLog(), "the worker ends because of a defect", broken);
        }
        logs.close();
        return broken == null ? 0 : started ? EXIT_LOOP_FAILED : EXIT_NOT_STARTED;
    }
}
