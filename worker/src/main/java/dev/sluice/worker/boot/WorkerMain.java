package dev.sluice.worker.boot;

import dev.sluice.common.clock.SystemClock;
import dev.sluice.common.config.HandedFiles;
import dev.sluice.common.config.SluiceConfig;
import dev.sluice.common.config.WorkerImage;
import dev.sluice.common.control.WorkerOptions;
import dev.sluice.common.counters.CounterWriter;
import dev.sluice.common.log.Level;
import dev.sluice.common.log.NettyLog;
import dev.sluice.common.log.StackTraces;
import dev.sluice.worker.accesslog.WorkerLogs;
import dev.sluice.worker.linux.Libc;
import dev.sluice.worker.loop.EventLoop;
import dev.sluice.worker.module.Modules;
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
    private boolean refused;

    private WorkerMain() {
    }

    public static void main(String[] words) {
        int code = new WorkerMain().run(words);
        // Not a return: a thread that somebody else started must not keep the process alive.
        Runtime.getRuntime().halt(code);
    }

    private int run(String[] words) {
        NettyLog.Factory nettyLog = NettyLog.install();
        Thread transport = aside("transport", EventLoop::prepare);
        WorkerLogs logs;
        EventLoop loop;
        try {
            WorkerOptions options = WorkerOptions.parse(words);
            if (options.statics()) {
                // 50 ms of work of which this thread needs nothing yet.
                aside("link", Libc::prepare);
            }
            WorkerImage image = WorkerImage.read(options.config());
            SluiceConfig config = image.config();
            HandedFiles handed = options.filesFd() == WorkerOptions.NO_FILES ? new HandedFiles()
                    : HandedFiles.of(Libc.readAndClose(options.filesFd()));
            CounterWriter counters = CounterWriter.open(options.counters());
            logs = WorkerLogs.open(config, counters, SystemClock.INSTANCE, options.slot());
            nettyLog.sayTo(logs.errorLog());
            transport.join();
            EventLoop[] self = new EventLoop[1];
            loop = new EventLoop("loop", SystemClock.INSTANCE,
                    () -> build(options, image, handed, counters, logs, self[0]));
            self[0] = loop;
        } catch (InterruptedException | IOException | IllegalArgumentException e) {
            System.err.println("sluice: [error] worker cannot start: " + e.getMessage());
            return EXIT_NOT_STARTED;
        }
        loop.start();
        return waitFor(loop, logs);
    }

    /** A start is the sum of what is linked and loaded one after the other, unless it is not. */
    private static Thread aside(String name, Runnable work) {
        return Thread.ofPlatform().daemon().name(name).start(work);
    }

    private void build(WorkerOptions options, WorkerImage image, HandedFiles handed,
            CounterWriter counters, WorkerLogs logs, EventLoop loop) {
        try {
            worker = new Worker(options, image, handed, counters, logs, loop);
            worker.start();
        } catch (Modules.Unusable e) {
            logs.errorLog().log(Level.ERROR, "worker cannot start: " + e.getMessage());
            refused = true;
            loop.stop();
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
        boolean started = worker != null && !refused;
        Throwable broken = failure == null ? loop.failure() : failure;
        if (broken != null) {
            StackTraces.log(logs.errorLog(), "the worker ends because of a defect", broken);
        }
        logs.close();
        return broken == null && !refused ? 0 : started ? EXIT_LOOP_FAILED : EXIT_NOT_STARTED;
    }
}
