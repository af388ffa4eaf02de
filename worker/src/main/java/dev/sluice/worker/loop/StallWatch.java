package dev.sluice.worker.loop;

import dev.sluice.common.counters.CounterId;
import dev.sluice.common.log.Level;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Notices calls of code that is not ours and that hold the loop up, and says where they are: a
 * thread that looks every ten milliseconds whether the loop is still in the call that it was in
 * before. It sleeps while nothing is called. A call pays for it with two writes to memory.
 *
 * <p>Owner: event loop; the thread reads.
 */
public final class StallWatch {

    private static final int LOOK_MS = 10;
    /** A call that is seen so often again has taken at least so many times that long. */
    private static final int LOOKS_FOR_STALL = 2;
    /** Looks without any call before it sleeps. */
    private static final int LOOKS_IDLE = 100;
    private static final int FRAMES = 12;

    private static final VarHandle CALLS;

    static {
        try {
            CALLS = MethodHandles.lookup().findVarHandle(StallWatch.class, "calls", long.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private final LoopContext ctx;
    private final Thread loop;
    private final Thread thread;
    /** Odd during a call; each call adds two. Written by the loop alone. */
    private volatile long calls;
    private Object place;
    private volatile boolean asleep;
    private volatile boolean ended;

    /** Made on the thread of the loop. */
    public StallWatch(LoopContext ctx) {
        this.ctx = ctx;
        this.loop = Thread.currentThread();
        this.thread = Thread.ofPlatform().daemon().name("stalls").unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    public void end() {
        ended = true;
        LockSupport.unpark(thread);
    }

    /** @param at what is called, in the words of the log */
    public void enter(Object at) {
        place = at;
        CALLS.setOpaque(this, calls + 1);
        if (asleep) {
            asleep = false;
            LockSupport.unpark(thread);
        }
    }

    public void leave() {
        CALLS.setOpaque(this, calls + 1);
    }

    private void run() {
        long before = -1;
        int same = 0;
        while (!ended) {
            LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(LOOK_MS));
            long now = calls;
            same = now == before ? same + 1 : 0;
            before = now;
            if ((now & 1) != 0 && same == LOOKS_FOR_STALL) {
                tell(now);
            } else if ((now & 1) == 0 && same >= LOOKS_IDLE) {
                asleep = true;
                // A call that began meanwhile may not have seen that it has to wake somebody.
                while (asleep && !ended && calls == now) {
                    LockSupport.park(this);
                }
                asleep = false;
                same = 0;
            }
        }
    }

    private void tell(long call) {
        Object at = place;
        StackTraceElement[] stack = loop.getStackTrace();
        if (calls != call || at == null) {
            return;
        }
        ctx.log.log(Level.WARN, at + " holds up the worker for more than "
                + LOOK_MS * LOOKS_FOR_STALL + " ms; work that waits belongs into a blocking hook");
        for (int i = 0; i < Math.min(FRAMES, stack.length); i++) {
            ctx.log.log(Level.WARN, "    at " + stack[i]);
        }
        ctx.loop.execute(() -> ctx.counters.add(CounterId.MODULE_STALLS, 1));
    }
}
