package dev.sluice.master.worker;

import dev.sluice.common.control.ControlMessage;
import dev.sluice.master.system.ExitStatus;

/** What happens to one worker, on its way from another thread to the master loop. */
public sealed interface WorkerEvent {

    WorkerProcess worker();

    /** It has said something; when many wait, the link waits for {@link ControlLink#handled}. */
    record Said(WorkerProcess worker, ControlMessage.FromWorker message) implements WorkerEvent {}

    /**
     * Nothing more will be read from it.
     *
     * @param reason bytes that are not messages, or an error; null for a plain EOF
     */
    record HungUp(WorkerProcess worker, String reason) implements WorkerEvent {}

    /** The process is gone and its status taken. */
    record Exited(WorkerProcess worker, ExitStatus status) implements WorkerEvent {}
}
