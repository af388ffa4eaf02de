package dev.sluice.worker.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.clock.SteppedClock;
import dev.sluice.common.config.ConfigLoader;
import dev.sluice.common.config.HandedFiles;
import dev.sluice.common.config.SluiceConfig;
import dev.sluice.common.config.WorkerImage;
import dev.sluice.common.control.ControlCodec;
import dev.sluice.common.control.ControlMessage;
import dev.sluice.common.control.WorkerOptions;
import dev.sluice.common.counters.CounterFile;
import dev.sluice.common.counters.CounterLabels;
import dev.sluice.common.counters.CounterWriter;
import dev.sluice.worker.accesslog.WorkerLogs;
import dev.sluice.worker.loop.EventLoop;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker that warms up for as long as the clock stands still hears its master. */
final class WorkerStopTest {

    private static final int TIMEOUT_S = 20;

    @TempDir
    Path folder;

    private final SteppedClock clock = new SteppedClock(1_700_000_000_000L);
    private final CountDownLatch started = new CountDownLatch(1);
    private Socket master;
    private EventLoop loop;

    /** Both ends of a connection to itself: the master's stays here. */
    private int workersEnd(String name) throws Exception {
        Epoll.ensureAvailability();
        String address = "\0sluice-stop-" + name + ProcessHandle.current().pid();
        Socket listener = Socket.newSocketDomain();
        listener.bind(new DomainSocketAddress(address));
        listener.listen(1);
        master = Socket.newSocketDomain();
        assertTrue(master.connect(new DomainSocketAddress(address)));
        int fd = listener.accept(new byte[128]);
        listener.close();
        return fd;
    }

    private void startWorker() throws Exception {
        SluiceConfig config = ConfigLoader.loadText("""
                [main]
                error_log = /dev/null warn
                [server www]
                listen = 127.0.0.1:80
                return = 200 text
                """, folder).config();
        Path counters = folder.resolve("slot0.ctr");
        CounterFile.create(counters, CounterLabels.of(config));
        CounterWriter writer = CounterWriter.open(counters);
        WorkerLogs logs = WorkerLogs.open(config, writer, clock, 0);
        int descriptors = workersEnd("fds");
        Socket unused = master;
        WorkerOptions options = new WorkerOptions(0, 1, folder.resolve("gen-1.image"), counters,
                folder.resolve("zones"), 0, 10_000, false, workersEnd("messages"), descriptors, -1,
                List.of());
        EventLoop[] self = new EventLoop[1];
        loop = new EventLoop("worker-stop", clock, () -> {
            new Worker(options, new WorkerImage(config, config), new HandedFiles(), writer, logs,
                    self[0]).start();
            started.countDown();
        });
        self[0] = loop;
        loop.start();
        assertTrue(started.await(TIMEOUT_S, TimeUnit.SECONDS));
        unused.close();
    }

    /** The loop takes tasks, and its master has heard nothing: it warms up. */
    private void assertWarming() throws Exception {
        CountDownLatch turned = new CountDownLatch(1);
        loop.execute(turned::countDown);
        assertTrue(turned.await(TIMEOUT_S, TimeUnit.SECONDS));
        ByteBuffer answer = ByteBuffer.allocateDirect(64);
        assertEquals(0, master.recv(answer, 0, 64), "it said that it was ready");
    }

    private void assertEnds() throws Exception {
        Thread waiting = new Thread(() -> {
            try {
                loop.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        waiting.start();
        waiting.join(TimeUnit.SECONDS.toMillis(TIMEOUT_S));
        assertFalse(waiting.isAlive(), "it goes on");
        assertEquals(null, loop.failure());
    }

    @Test
    void endsWhenToldToStop() throws Exception {
        startWorker();
        assertWarming();
        byte[] stop = ControlCodec.encode(new ControlMessage.Stop());
        master.send(ByteBuffer.allocateDirect(stop.length).put(0, stop), 0, stop.length);
        assertEnds();
        master.close();
    }

    @Test
    void endsWhenItsMasterHasGone() throws Exception {
        startWorker();
        assertWarming();
        master.close();
        assertEnds();
    }
}
