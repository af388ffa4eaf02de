package dev.sluice.master;

import dev.sluice.common.config.LoadedConfig;
import dev.sluice.master.command.Command;
import dev.sluice.master.command.Reply;
import dev.sluice.master.signal.MasterSignal;
import dev.sluice.master.worker.WorkerEvent;

/** What other threads tell the master loop. */
sealed interface MasterEvent {

    /** A signal came. */
    record Signalled(MasterSignal signal) implements MasterEvent {}

    /** A worker said something, hung up or exited. */
    record OfWorker(WorkerEvent event) implements MasterEvent {}

    /** A command came over the command socket. */
    record Asked(Command command, Reply reply) implements MasterEvent {}

    /** Something of an upgrade, to be run on the loop. */
    record Told(Runnable action) implements MasterEvent {}

    /** The configuration was read. */
    record Loaded(LoadedConfig config) implements MasterEvent {}

    /** Reading the configuration threw. */
    record LoadFailed(String why) implements MasterEvent {}
}
