package dev.sluice.worker.loop;

import dev.sluice.common.clock.CachedClock;
import dev.sluice.common.clock.Clock;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoRegistration;
import io.netty.channel.ManualIoEventLoop;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.function.LongConsumer;

/**
 * The loop of a worker. One turn: wait for events, handle them, run what other threads handed in,
 * fire deadlines, then let everything that gathered output send it.
 *
 * <p>Owner: its own thread, except {@link #execute} and {@link #stop}, which any thread may call.
 */
public final class EventLoop {

    /** A turn begins at least this often, so that the heartbeat shows that the loop lives. */
    private static final long IDLE_TURN_NS = 500_000_000L;
    /** Between two turns while something is polled: a request may wait that much too long. */
    private static final long POLL_NS = 2_000_000L;
    /** Output is sent early when this many connections have some: slabs come back sooner. */
    private static final int GATHER_MAX = 64;

    private final Thread thread;
    private final ManualIoEventLoop io;
    private final CachedClock clock;
    private final TimerWheel timers;
    private final ConcurrentLinkedQueue<Runnable> mailbox = new ConcurrentLinkedQueue<>();
    private final Runnable body;
    private TurnEnd[] gathered = new TurnEnd[GATHER_MAX * 2];
    private int gatheredCount;
    private TurnEnd[] postponed = new TurnEnd[GATHER_MAX];
    private int postponedCount;
    /** Asked in every turn; none most of the time. */
    private TurnEnd[] polled = new TurnEnd[4];
    private int polledCount;
    private boolean turnOpen;
    private long turnStartNs;
    private long turnEndNs;
    private LongConsumer turnListener = ns -> { };
    private volatile boolean stopped;
    private Throwable failure;

    /** Loads the transport, 40 ms at boot that another thread may spend; any thread. */
    public static void prepare() {
        // What is wrong with it is told by the constructor.
        Epoll.isAvailable();
    }

    /**
     * @param name name of the thread
     * @param body run on the loop's thread before the first turn, to build what lives on it
     */
    public EventLoop(String name, Clock source, Runnable body) {
        this.clock = new CachedClock(source);
        this.timers = new TimerWheel(clock.nowNs());
        this.body = body;
        this.turnEndNs = clock.nowNs();
        IoHandlerFactory factory = EpollIoHandler.newFactory();
        this.thread = new FastThreadLocalThread(null, this::run, name);
        this.io = new ManualIoEventLoop(thread, factory) {
            // Asked once more after wake-ups have been let in again: what was handed in between
            // the end of the last turn and that moment woke nobody, and is not to wait.
            @Override
            protected boolean canBlock() {
                return mailbox.isEmpty() && !stopped;
            }
        };
    }

    public void start() {
        thread.start();
    }

    /** Waits for the loop's thread to end. */
    public void join() throws InterruptedException {
        thread.join();
    }

    private void run() {
        try {
            body.run();
            while (!stopped) {
                turn();
            }
            sendGathered();
        } catch (RuntimeException | Error e) {
            // A defect of ours: the process ends and the master starts another.
            failure = e;
        }
    }

    /** What ended the loop, null when it was told to end. Read it after {@link #join}. */
    public Throwable failure() {
        return failure;
    }

    private void turn() {
        // A negative wait looks for events without blocking.
        io.run(postponedCount > 0 ? -1 : timers.delayNs(turnEndNs, longestWaitNs()), 0);
        beginTurn();
        for (int i = 0; i < polledCount; i++) {
            atEndOfTurn(polled[i]);
        }
        takePostponed();
        takeMail();
        timers.advance(clock.nowNs());
        sendGathered();
        turnOpen = false;
        turnEndNs = clock.preciseNs();
        turnListener.accept(turnEndNs - turnStartNs);
    }

    private long longestWaitNs() {
        return polledCount == 0 ? IDLE_TURN_NS : POLL_NS;
    }

    /**
     * A handle calls this first when an event arrives: the first one of a turn reads the clock,
     * because the time before the wait must not look like now.
     */
    public void beginTurn() {
        if (!turnOpen) {
            turnOpen = true;
            clock.update();
            turnStartNs = clock.nowNs();
        }
        if (gatheredCount >= GATHER_MAX) {
            sendGathered();
        }
    }

    /** What a task hands in meanwhile waits for the next turn, or it could hold up the loop. */
    private void takeMail() {
        for (int count = mailbox.size(); count > 0; count--) {
            mailbox.remove().run();
        }
    }

    private void takePostponed() {
        int count = postponedCount;
        postponedCount = 0;
        for (int i = 0; i < count; i++) {
            atEndOfTurn(postponed[i]);
            postponed[i] = null;
        }
    }

    private void sendGathered() {
        // A callback may queue further objects; they are sent in this turn too.
        for (int i = 0; i < gatheredCount; i++) {
            TurnEnd one = gathered[i];
            gathered[i] = null;
            one.clearQueued();
            try {
                one.endOfTurn();
            } catch (RuntimeException e) {
                if (!(one instanceof SocketHandle socket)) {
                    throw e;
                }
                socket.defect(e);
            }
        }
        gatheredCount = 0;
    }

    /** Calls {@code one.endOfTurn()} once when the events of this turn have been handled. */
    public void atEndOfTurn(TurnEnd one) {
        assert inEventLoop();
        if (!one.markQueued()) {
            return;
        }
        if (gatheredCount == gathered.length) {
            gathered = Arrays.copyOf(gathered, gatheredCount * 2);
        }
        gathered[gatheredCount++] = one;
    }

    /**
     * Calls {@code one.endOfTurn()} at the end of the next turn, which then does not wait for
     * events: for work cut short so that one busy connection cannot hold up the others.
     */
    public void atNextTurn(TurnEnd one) {
        assert inEventLoop();
        if (postponedCount == postponed.length) {
            postponed = Arrays.copyOf(postponed, postponedCount * 2);
        }
        postponed[postponedCount++] = one;
    }

    /**
     * Calls {@code one.endOfTurn()} in every turn until {@link #stopPolling}, and makes a turn
     * every 2 ms at least: for what another process changes without an event here.
     */
    public void poll(TurnEnd one) {
        assert inEventLoop();
        if (polledCount == polled.length) {
            polled = Arrays.copyOf(polled, polledCount * 2);
        }
        polled[polledCount++] = one;
    }

    public void stopPolling(TurnEnd one) {
        assert inEventLoop();
        for (int i = 0; i < polledCount; i++) {
            if (polled[i] == one) {
                polled[i] = polled[--polledCount];
                polled[polledCount] = null;
                return;
            }
        }
    }

    /** Called after each turn with its length in nanoseconds, waiting not counted. */
    public void onTurn(LongConsumer listener) {
        this.turnListener = listener;
    }

    /** Runs a task on the loop in its next turn. Any thread. */
    public void execute(Runnable task) {
        mailbox.add(task);
        io.wakeup();
    }

    /** Ends the loop after the current turn. Any thread. */
    public void stop() {
        stopped = true;
        io.wakeup();
    }

    public boolean inEventLoop() {
        return Thread.currentThread() == thread;
    }

    public CachedClock clock() {
        return clock;
    }

    public TimerWheel timers() {
        return timers;
    }

    /**
     * Lets a part of Netty that has channels of its own live on this loop. Its timers run by the
     * system's clock, and what it calls is called outside of a turn: go on by {@link #execute}.
     */
    public <T> T onNetty(Function<io.netty.channel.EventLoop, T> make) {
        assert inEventLoop();
        return make.apply(io);
    }

    /**
     * Puts a handle on the loop; it hears of nothing before it submits what it waits for.
     *
     * @throws IllegalStateException when the loop has ended
     */
    public IoRegistration register(IoHandle handle) {
        assert inEventLoop();
        IoRegistration registration = io.register(handle).getNow();
        if (registration == null) {
            throw new IllegalStateException("the event loop takes no handle");
        }
        return registration;
    }
}
