package dev.sluice.master;

import dev.sluice.common.control.ControlMessage;
import dev.sluice.master.flight.FlightDumps;
import dev.sluice.master.worker.Fleet;
import dev.sluice.master.worker.WorkerProcess;

/** Hands what workers say for operators to whoever answers those. Owner: master loop. */
final class Observed implements Fleet.Ears {

    private final Counted counted;
    private final FlightDumps flights;

    Observed(Counted counted, Master.Parts parts) {
        this.counted = counted;
        this.flights = new FlightDumps(
                parts.run().flightDirectory(), parts.clock(), parts.log());
    }

    @Override
    public void said(WorkerProcess worker, ControlMessage.FromWorker message) {
        if (message instanceof ControlMessage.MetricsRequest request) {
            counted.answer(worker, request);
        } else if (message instanceof ControlMessage.Burst burst) {
            flights.burst(worker, burst.errors());
        }
    }

    @Override
    public void gone(WorkerProcess worker, boolean wanted) {
        flights.gone(worker, wanted);
        counted.gone(worker);
    }
}
