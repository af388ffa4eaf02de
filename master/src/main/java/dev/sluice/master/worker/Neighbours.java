package dev.sluice.master.worker;

import dev.sluice.common.control.ControlMessage;
import dev.sluice.common.log.ErrorLog;
import dev.sluice.common.log.Level;
import dev.sluice.master.listen.ListenTable;
import java.util.ArrayList;
import java.util.List;

/**
 * Who polls the sockets of a slot whose worker died: until the replacement serves, a serving
 * neighbour does, so that a connection the kernel assigns to that slot is answered at once. Owner:
 * master loop.
 */
final class Neighbours {

    private final ListenTable listeners;
    private final ErrorLog log;

    Neighbours(ListenTable listeners, ErrorLog log) {
        this.listeners = listeners;
        this.log = log;
    }

    /** Gives every slot that nobody serves to a neighbour, if one serves. */
    void guardAll(List<Slot> slots) {
        for (Slot slot : slots) {
            if (!slot.served() && slot.guardian == null) {
                guard(slot, slots);
            }
        }
    }

    private void guard(Slot orphan, List<Slot> slots) {
        WorkerProcess neighbour = leastBurdened(slots);
        if (neighbour == null) {
            return;
        }
        List<String> keys = new ArrayList<>();
        List<Integer> fds = new ArrayList<>();
        Generation generation = neighbour.generation();
        for (ListenTable.Copy copy :
                listeners.socketsOf(orphan.index, slots.size(), generation.listenKeys(), false)) {
            // A unix address has one socket for all slots, so the neighbour polls it already.
            if (!copy.key().startsWith("unix:")) {
                keys.add(copy.key());
                fds.add(copy.fd());
            }
        }
        int passed = neighbour.link().sendDescriptors(fds);
        if (passed < fds.size()) {
            log.log(
                    Level.WARN,
                    neighbour + " took only " + passed + " of " + fds.size() + " sockets of slot "
                            + orphan.index);
        }
        neighbour.send(new ControlMessage.Adopt(orphan.index, keys.subList(0, passed)));
        orphan.guardian = neighbour;
    }

    private static WorkerProcess leastBurdened(List<Slot> slots) {
        WorkerProcess best = null;
        long bestBurden = Long.MAX_VALUE;
        for (Slot slot : slots) {
            if (slot.served()) {
                WorkerProcess candidate = slot.current;
                long burden = slots.stream().filter(s -> s.guardian == candidate).count();
                if (burden < bestBurden) {
                    best = candidate;
                    bestBurden = burden;
                }
            }
        }
        return best;
    }

    /** The slot has its own serving worker again. */
    void release(Slot slot) {
        if (slot.guardian != null && slot.guardian.state() == WorkerState.SERVING) {
            slot.guardian.send(new ControlMessage.Release(slot.index));
        }
        slot.guardian = null;
    }

    /** The worker serves nobody any more; its own slot and those it guarded are orphans now. */
    void gone(WorkerProcess worker, List<Slot> slots) {
        for (Slot slot : slots) {
            if (slot.guardian == worker) {
                slot.guardian = null;
            }
        }
    }
}
