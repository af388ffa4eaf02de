package dev.sluice.master.watch;

import dev.sluice.common.clock.Clock;
import dev.sluice.common.control.ControlMessage;
import dev.sluice.master.command.ExitCode;
import dev.sluice.master.command.Reply;
import dev.sluice.master.loop.Timers;
import dev.sluice.master.worker.WorkerProcess;
import dev.sluice.master.worker.WorkerState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Questions of operators that all workers answer. What they say is passed on as it comes, each line
 * behind the worker's slot and generation; who leaves is forgotten by the workers too.
 *
 * <p>Owner: master loop.
 */
public final class WorkerQuestions {

    /** A longer one is cut off: an operator that has gone is noticed before, and a tap ends. */
    private static final long LIMIT_MS = 3_700_000;
    private static final long TICK_MS = 250;
    private static final long NS_PER_MS = 1_000_000;
    /** Lines that may wait for an operator who does not read; more are dropped. */
    private static final int UNREAD_MAX = 50_000;
    private static final int OPEN_MAX = 16;

    private final Supplier<Collection<WorkerProcess>> workers;
    private final Timers timers;
    private final Clock clock;
    private final Map<Long, Open> open = new HashMap<>();
    private long lastId;

    /** A question and who has not answered it to the end. */
    private record Open(long id, Reply reply, Set<WorkerProcess> waiting, long sinceNs) {
    }

    /** @param workers all that live */
    public WorkerQuestions(Supplier<Collection<WorkerProcess>> workers, Timers timers,
            Clock clock) {
        this.workers = workers;
        this.timers = timers;
        this.clock = clock;
    }

    public void ask(String words, Reply reply) {
        if (open.size() >= OPEN_MAX) {
            reply.line("? " + OPEN_MAX + " others ask already");
            reply.end(ExitCode.FAILED);
            return;
        }
        Open question = new Open(++lastId, reply, new HashSet<>(), clock.nowNs());
        for (WorkerProcess worker : workers.get()) {
            if (worker.state() == WorkerState.SERVING || worker.state() == WorkerState.DRAINING) {
                if (worker.ask(new ControlMessage.Question(question.id(), words))) {
                    question.waiting().add(worker);
                }
            }
        }
        open.put(question.id(), question);
        if (open.size() == 1) {
            timers.afterMs(TICK_MS, this::tick);
        }
        endIfAnswered(question);
    }

    public void answered(WorkerProcess worker, ControlMessage.Answer answer) {
        Open question = open.get(answer.id());
        if (question == null || !question.waiting().contains(worker)) {
            return;
        }
        if (question.reply().unread() < UNREAD_MAX && !answer.text().isEmpty()) {
            String whose = worker.slot() + " " + worker.generation().number() + " ";
            question.reply().line(answer.text().lines().map(whose::concat)
                    .collect(Collectors.joining("\n")));
        }
        if (answer.last()) {
            question.waiting().remove(worker);
            endIfAnswered(question);
        }
    }

    /** It has exited. */
    public void gone(WorkerProcess worker) {
        for (Open question : List.copyOf(open.values())) {
            if (question.waiting().remove(worker)) {
                endIfAnswered(question);
            }
        }
    }

    private void endIfAnswered(Open question) {
        if (question.waiting().isEmpty()) {
            open.remove(question.id());
            question.reply().end(ExitCode.DONE);
        }
    }

    private void tick() {
        for (Open question : new ArrayList<>(open.values())) {
            if (question.reply().isGone()
                    || clock.nowNs() - question.sinceNs() > LIMIT_MS * NS_PER_MS) {
                open.remove(question.id());
                question.waiting().forEach(
                        worker -> worker.ask(new ControlMessage.Forget(question.id())));
                question.reply().end(ExitCode.TIMED_OUT);
            }
        }
        if (!open.isEmpty()) {
            timers.afterMs(TICK_MS, this::tick);
        }
    }
}
