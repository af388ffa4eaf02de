package dev.sluice.master;

import dev.sluice.common.clock.Clock;
import dev.sluice.common.control.ControlMessage;
import dev.sluice.master.command.Reply;
import dev.sluice.master.flight.FlightDumps;
import dev.sluice.master.loop.Timers;
import dev.sluice.master.watch.WorkerQuestions;
import dev.sluice.master.worker.Fleet;
import dev.sluice.master.worker.WorkerProcess;

/** Hands what workers say for operators to whoever answers those. Owner: master loop. */
final class Observed implements Fleet.Ears {

    private final Counted counted;
    private final FlightDumps flights;
    private final Clock clock;
    private WorkerQuestions questions;

    Observed(Counted counted, Master.Parts parts) {
        this.counted = counted;
        this.clock = parts.clock();
        this.flights = new FlightDumps(
                parts.run().flightDirectory(), parts.clock(), parts.log());
    }

    void of(Fleet fleet, Timers timers) {
        questions = new WorkerQuestions(fleet::alive, timers, clock);
        flights.takeLeft();
    }

    /** An operator asks all workers of this master. */
    void ask(String words, Reply reply) {
        questions.ask(words, reply);
    }

    @Override
    public void said(WorkerProcess worker, ControlMessage.FromWorker message) {
        if (message instanceof ControlMessage.MetricsRequest request) {
            counted.answer(worker, request);
        } else if (message instanceof ControlMessage.Burst burst) {
            flights.burst(worker, burst.errors());
        } else if (message instanceof ControlMessage.Answer answer) {
            questions.answered(worker, answer);
        }
    }

    @Override
    public void gone(WorkerProcess worker, boolean wanted) {
        flights.gone(worker, wanted);
        questions.gone(worker);
        counted.gone(worker);
    }
}
