package dev.sluice.master.worker;

import dev.sluice.common.clock.Clock;
import dev.sluice.common.config.HandedFiles;
import dev.sluice.common.config.MainConfig;
import dev.sluice.common.control.WorkerOptions;
import dev.sluice.common.counters.CounterLabels;
import dev.sluice.common.flight.FlightFile;
import dev.sluice.common.log.SystemLog;
import dev.sluice.common.tickets.TicketSecret;
import dev.sluice.master.listen.ListenTable;
import dev.sluice.master.system.CpuSet;
import dev.sluice.master.system.ExitStatus;
import dev.sluice.master.system.Posix;
import dev.sluice.master.system.RunDirectory;
import dev.sluice.master.system.Spawner;
import dev.sluice.master.system.TicketStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Starts a worker: its counter file, its two socket pairs, its copies of the listening sockets, its
 * process. Owner: master loop.
 *
 * <pre>
 *   descriptor in the worker   0 /dev/null  1, 2 error log  3 messages  4 descriptors
 *                              5... files, if there are any, then listeners
 * </pre>
 */
public final class WorkerStarter {

    private static final int CONTROL_FD = Spawner.FIRST_FD;
    private static final int DESCRIPTOR_FD = Spawner.FIRST_FD + 1;

    /** A socket that something else holds open must not hide the end of a worker for longer. */
    private static final long HEAR_MS = 1_000;

    private final Spawner spawner;
    private final WorkerCommand command;
    private final RunDirectory run;
    private final ListenTable listeners;
    private final Lanes lanes;
    private final TicketStore tickets;
    private final Clock clock;
    private final Consumer<WorkerEvent> sink;
    private long serial;

    /** @param sink where events of the workers go; called by other threads */
    public WorkerStarter(
            Spawner spawner,
            WorkerCommand command,
            RunDirectory run,
            ListenTable listeners,
            Lanes lanes,
            TicketStore tickets,
            Clock clock,
            Consumer<WorkerEvent> sink) {
        this.spawner = spawner;
        this.command = command;
        this.run = run;
        this.listeners = listeners;
        this.lanes = lanes;
        this.tickets = tickets;
        this.clock = clock;
        this.sink = sink;
    }

    /**
     * How a worker begins.
     *
     * @param newcomer its generation is not installed yet, nor do its new sockets listen
     * @param relieved others serve meanwhile, so that nobody waits for this one
     */
    record Manner(boolean newcomer, boolean relieved) {

        private static final int RELIEVED_WARMUPS = 3;
        /** It must be ready long before {@link Fleet#READY_TIMEOUT_MS}. */
        private static final long RELIEVED_MAX_MS = 10_000;

        long warmupMs(MainConfig config) {
            long once = config.warmupMs();
            return relieved ? Math.max(once, Math.min(once * RELIEVED_WARMUPS, RELIEVED_MAX_MS))
                    : once;
        }
    }

    /**
     * Starts the worker of one slot; it warms up and then says Ready.
     *
     * @throws IOException nothing was started and nothing is left behind
     */
    WorkerProcess start(Generation generation, int slot, Manner manner) throws IOException {
        int lane = lanes.take();
        try {
            return start(generation, slot, lane, manner);
        } catch (IOException failed) {
            lanes.free(lane);
            throw failed;
        }
    }

    private WorkerProcess start(Generation generation, int slot, int lane, Manner manner)
            throws IOException {
        serial++;
        CounterLabels labels = CounterLabels.of(generation.config());
        Path counters = run.newCounters(
                slot, generation.number(), serial, labels, generation.account());
        int records = generation.config().main().flightRecords();
        if (records > 0) {
            run.newFlight(counters, records, labels, generation.account());
        }
        int[] control = Posix.socketPair();
        int[] descriptors;
        try {
            descriptors = Posix.socketPair();
        } catch (IOException failed) {
            Posix.close(control[0]);
            Posix.close(control[1]);
            throw failed;
        }
        // The worker's loop reads both; the master's end of the first one stays blocking, because
        // two threads of its own wait on it.
        Posix.setNonBlocking(control[1]);
        Posix.setNonBlocking(descriptors[1]);
        Posix.setNonBlocking(descriptors[0]);
        ControlLink link = new ControlLink(control[0], descriptors[0]);
        WorkerProcess worker =
                new WorkerProcess(slot, generation, counters, lane, link, clock.nowNs());
        try {
            worker.spawned(spawn(worker, manner, control[1], descriptors[1]));
        } catch (IOException failed) {
            worker.become(WorkerState.EXITED);
            link.closeUnstarted();
            Files.deleteIfExists(counters);
            Files.deleteIfExists(FlightFile.beside(counters));
            throw failed;
        } finally {
            Posix.close(control[1]);
            Posix.close(descriptors[1]);
        }
        link.start(worker, "worker " + slot, sink);
        watchExit(worker);
        return worker;
    }

    /** Its process has been reaped: its lane is free. */
    void gone(WorkerProcess worker) {
        lanes.free(worker.lane());
    }

    private long spawn(
            WorkerProcess worker, Manner manner, int controlFd, int descriptorFd)
            throws IOException {
        List<Integer> handedDown = new ArrayList<>(List.of(controlFd, descriptorFd));
        HandedFiles files = worker.generation().files();
        byte[] secret = tickets.packedFor(worker.generation().config());
        if (secret != null) {
            files = files.with(TicketSecret.NAME, secret);
        }
        if (files.isEmpty()) {
            return spawn(worker, manner, handedDown, WorkerOptions.NO_FILES);
        }
        int filesFd = Posix.unnamedFile(run.zonesDirectory(), files.packed());
        try {
            handedDown.add(filesFd);
            return spawn(worker, manner, handedDown, DESCRIPTOR_FD + 1);
        } finally {
            Posix.close(filesFd);
        }
    }

    /** @param handedDown what it gets beside its listeners */
    private long spawn(
            WorkerProcess worker, Manner manner, List<Integer> handedDown, int filesFd)
            throws IOException {
        Generation generation = worker.generation();
        List<WorkerOptions.ListenFd> listens = new ArrayList<>();
        for (ListenTable.Copy copy :
                listeners.socketsOf(
                        worker.slot(),
                        generation.workerCount(),
                        generation.listenKeys(),
                        manner.newcomer())) {
            int fd = Spawner.FIRST_FD + handedDown.size();
            listens.add(new WorkerOptions.ListenFd(copy.key(), fd));
            handedDown.add(copy.fd());
        }
        WorkerOptions options =
                new WorkerOptions(
                        worker.slot(),
                        generation.number(),
                        generation.file(),
                        worker.counters(),
                        run.zonesDirectory(),
                        worker.lane(),
                        manner.warmupMs(generation.config().main()),
                        generation.config().needsSystemCalls(),
                        CONTROL_FD,
                        DESCRIPTOR_FD,
                        filesFd,
                        listens);
        String errorLog = generation.config().main().errorLog().path();
        return spawner.spawn(
                new Spawner.Command(
                        command.words(
                                options,
                                generation.jvmFlags(),
                                generation.account(),
                                cpuOf(worker)),
                        handedDown,
                        SystemLog.isFile(errorLog) ? errorLog : null));
    }

    /** Workers go round the processors that the master itself may use. */
    private static int cpuOf(WorkerProcess worker) {
        if (!worker.generation().config().main().workerCpuAffinity()) {
            return -1;
        }
        List<Integer> cpus = CpuSet.allowed();
        return cpus.isEmpty() ? -1 : cpus.get(worker.slot() % cpus.size());
    }

    /**
     * The JDK waits for the process without taking its status, which leaves it to us. The end is
     * told behind the worker's last words, which the thread of its link may still be reading.
     */
    private void watchExit(WorkerProcess worker) {
        long pid = worker.pid();
        CompletableFuture<?> gone = ProcessHandle.of(pid)
                .<CompletableFuture<?>>map(ProcessHandle::onExit)
                .orElseGet(() -> CompletableFuture.completedFuture(null));
        gone.thenApply(process -> Posix.reap(pid))
                // Counted from here on: from its end, not from its start.
                .thenCompose(status -> worker.link().heard()
                        .completeOnTimeout(null, HEAR_MS, TimeUnit.MILLISECONDS)
                        .thenApply(heard -> new WorkerEvent.Exited(
                                worker, status == null ? ExitStatus.UNKNOWN : status)))
                .thenAccept(sink);
    }
}
