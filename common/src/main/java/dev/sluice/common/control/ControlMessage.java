package dev.sluice.common.control;

import java.util.List;
import java.util.Objects;

/**
 * One message of the control socket. Immutable values, so any thread may hold one.
 *
 * <pre>
 *   worker                                   master
 *     │ Ready(pid)  ────────────────────────►  │   configuration loaded, warm
 *     │  ◄───────────────────────────── Serve  │   poll the listeners
 *     │  ◄──────────────── Adopt(slot, keys)   │   a neighbour died; its sockets follow
 *     │  ◄───────────────────── Release(slot)  │   its replacement serves
 *     │ MetricsRequest(id) ─────────────────►  │
 *     │ Staple(certificate, answer) ────────►  │   OCSP; comes back by Renew
 *     │ Burst(errors) ──────────────────────►  │   dump the flight recorder
 *     │  ◄──────────────── Question(id, words) │   of an operator
 *     │ Answer(id, last, text) ─────────────►  │   any number of them
 *     │  ◄──────────────────────── Forget(id)  │   nobody waits for more
 *     │  ◄────────── MetricsResponse(id, text) │
 *     │  ◄────────────────────── Renew(files)  │   certificates have changed
 *     │  ◄───────── Drain(timeoutMs, closing)  │   stop polling, finish what runs
 *     │ Drained ────────────────────────────►  │   then exits with code 0
 * </pre>
 */
public sealed interface ControlMessage {

    /** What a worker says. */
    sealed interface FromWorker extends ControlMessage {}

    /** What the master says. */
    sealed interface FromMaster extends ControlMessage {}

    /** The worker has loaded its configuration and is warm; it waits for {@link Serve}. */
    record Ready(int pid) implements FromWorker {}

    /** Nothing is left to finish; the worker exits right after this. */
    record Drained() implements FromWorker {}

    /** The worker was asked for the totals of all workers. The id comes back in the answer. */
    record MetricsRequest(long id, OperatorPage page) implements FromWorker {}

    /** A line for the master's error log: something of the worker that the operator must know. */
    record Warning(String text) implements FromWorker {
        public Warning {
            Objects.requireNonNull(text);
        }
    }

    /**
     * An authority has said that a certificate is good; all workers are to know. The array is
     * lent: nobody writes into it.
     *
     * @param certificate path of its file
     */
    record Staple(String certificate, byte[] answer) implements FromWorker {
        public Staple {
            Objects.requireNonNull(certificate);
            Objects.requireNonNull(answer);
        }
    }

    /** Many requests have begun to fail: so many within the window of the flight recorder. */
    record Burst(int errors) implements FromWorker {}

    /**
     * A part of the answer to a {@link Question}: lines, each with its end.
     *
     * @param last nothing follows
     */
    record Answer(long id, boolean last, String text) implements FromWorker {
        public Answer {
            Objects.requireNonNull(text);
        }
    }

    /** An operator asks this worker: a word and what belongs to it, with spaces between. */
    record Question(long id, String words) implements FromMaster {
        public Question {
            Objects.requireNonNull(words);
        }
    }

    /** Nobody waits for the answer to this question any more; an unknown one is ignored. */
    record Forget(long id) implements FromMaster {}

    /** Start polling the listeners of the command line. */
    record Serve() implements FromMaster {}

    /**
     * The slot has no serving worker at the moment. As many descriptors as there are keys wait on
     * the descriptor socket, in this order; poll them too, until {@link Release} names the slot.
     */
    record Adopt(int slot, List<String> listenKeys) implements FromMaster {
        public Adopt {
            listenKeys = List.copyOf(listenKeys);
        }
    }

    /**
     * Stop polling the sockets adopted for this slot and close these copies. The master holds the
     * sockets themselves, so nothing that waits in their queues is lost. An unknown slot is
     * ignored.
     */
    record Release(int slot) implements FromMaster {}

    /**
     * Stop polling, close the copies of all listeners, finish what runs, exit. The addresses in
     * {@code closingKeys} have no successor and this worker holds their last copies: accept from
     * them until EAGAIN before closing, so that a connection the kernel has completed is still
     * answered.
     *
     * @param timeoutMs what is not finished then is cut
     */
    record Drain(long timeoutMs, List<String> closingKeys) implements FromMaster {
        public Drain {
            closingKeys = List.copyOf(closingKeys);
        }
    }

    /** Exit now. */
    record Stop() implements FromMaster {}

    /** Log files were renamed: open them again by name. */
    record ReopenLogs() implements FromMaster {}

    /**
     * Certificates, keys and lists of revoked certificates, as {@code HandedFiles} packs them: all
     * of one user, because some of it has changed. The array is lent: nobody writes into it.
     */
    record Renew(byte[] files) implements FromMaster {
        public Renew {
            Objects.requireNonNull(files);
        }
    }

    /**
     * The answer to a {@link MetricsRequest}. The array is lent: nobody writes into it. Empty when
     * the master could not render (too many questions wait); the worker then answers 503.
     */
    record MetricsResponse(long id, byte[] text) implements FromMaster {
        public MetricsResponse {
            Objects.requireNonNull(text);
        }
    }
}
