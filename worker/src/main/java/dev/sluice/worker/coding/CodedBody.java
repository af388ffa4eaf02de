package dev.sluice.worker.coding;

import dev.sluice.common.counters.Termination;
import dev.sluice.worker.arena.Slab;
import dev.sluice.worker.coding.Coder.Task;
import dev.sluice.worker.exchange.ClientStream;
import java.nio.ByteBuffer;
import java.util.function.Supplier;

/**
 * The body of an answer on its way through a coder. What the handler gives is gathered in the
 * coder's memory; what comes out is copied or lent to the client. No more than a slice is worked
 * on in a turn of the loop; a larger one is worked on by a thread beside it.
 *
 * <pre>
 *   handler ── copy ─────────────► input ── coder ──► output ──► client
 *           ── source (lent) ──────┘
 * </pre>
 *
 * <p>Owner: event loop, as its {@link CodedClient}. Reused.
 */
final class CodedBody implements Supplier<Runnable> {

    /** Up to here copying is cheaper than lending. */
    private static final int COPY_BYTES_MAX = 8 * 1024;

    final BodySource source = new BodySource();
    private final Codings codings;
    private final CodedClient owner;
    private final Runnable afterSideWork = this::sideWorkDone;
    /** Null while there is no such body. */
    private Coder coder;
    /** What was begun last, null when the coder rests; and whether it is done. */
    private Task task;
    private boolean taskDone;
    private int inputFrom;
    private int inputTo;
    /** Where the input of the task ends: what comes later must not be mixed into it. */
    private int taskTo;
    private int outputFrom;
    private int outputTo;
    /** Bytes that came out; and the most that may. */
    private long made;
    private long madeMax;
    /** Each piece is sent when it has come, since nobody knows when the next one will. */
    private boolean streaming;
    /** The coder may hold back something of what it took. */
    private boolean holdsBack;
    private boolean loaned;
    private boolean ended;
    private boolean clientTold;
    private boolean broken;
    /** The side thread has the coder. */
    private boolean aside;
    private boolean asideWell;
    /** Bytes that have been worked on in this turn. */
    private int slice;
    /** Where what comes out is gathered for the clients after this one; null where it is not. */
    private Slab gathered;
    private int gatheredBytes;
    /** Of the body; and how many of its bytes have not been taken yet. */
    private long serial;
    private long bodyBytesLeft;

    CodedBody(Codings codings, CodedClient owner) {
        this.codings = codings;
        this.owner = owner;
    }

    /** @return false when too many bodies are in coders already */
    boolean begin(CoderPool pool, boolean sentAsItComes, long bytesMax) {
        assert coder == null && !aside;
        coder = pool.borrow();
        task = null;
        inputFrom = 0;
        inputTo = 0;
        outputFrom = Coder.OUTPUT_AT;
        outputTo = Coder.OUTPUT_AT;
        made = 0;
        madeMax = bytesMax;
        streaming = sentAsItComes;
        holdsBack = false;
        loaned = false;
        ended = false;
        clientTold = false;
        broken = false;
        slice = 0;
        source.drop();
        return coder != null;
    }

    /** What comes out is worth keeping, as long as it fits. */
    void gather(long bodySerial, long bodyBytes) {
        assert gathered == null && coder != null;
        gathered = codings.forms.memory(bodyBytes);
        gatheredBytes = 0;
        serial = bodySerial;
        bodyBytesLeft = bodyBytes;
    }

    boolean isOn() {
        return coder != null;
    }

    /** It cannot go on. */
    boolean isBroken() {
        return broken;
    }

    /** Whether the side thread is at work. */
    boolean isAside() {
        return aside;
    }

    /** Whether the handler may give more. */
    boolean wantsMore() {
        return !ended && !broken && !aside && source.isEmpty() && inputTo < Coder.INPUT_BYTES;
    }

    int room() {
        return aside || !source.isEmpty() ? 0 : Coder.INPUT_BYTES - inputTo;
    }

    /** @return bytes taken */
    int copy(ByteBuffer from, int offset, int length) {
        if (broken) {
            return length;
        }
        int count = Math.min(length, room());
        coder.input.put(inputTo, from, offset, count);
        inputTo += count;
        return count;
    }

    /** The handler has given all. @return whether so little is left that it is done at once */
    boolean end() {
        ended = true;
        return task == null && source.isEmpty()
                && inputTo - inputFrom + coder.held() <= coder.loopBytesMax();
    }

    void turnBegins() {
        slice = 0;
    }

    /** The client has taken what was lent to it. */
    void loanReturned() {
        if (loaned) {
            loaned = false;
            outputEmpty();
        }
    }

    private void outputEmpty() {
        outputFrom = Coder.OUTPUT_AT;
        outputTo = Coder.OUTPUT_AT;
    }

    /** Works until there is nothing to do, the client takes no more, or others have their turn. */
    void goOn(ClientStream client) {
        while (!aside && !broken && !clientTold && sendOutput(client)) {
            if (task == Task.FINISH && taskDone) {
                clientTold = true;
                client.endResponse();
                return;
            }
            if (task == null || taskDone) {
                task = nextTask();
                taskTo = inputTo;
                taskDone = false;
            }
            if (task == null) {
                return;
            }
            int load = taskTo - inputFrom + coder.held();
            if (load > coder.loopBytesMax() && codings.side.submit(codings.ctx.loop, this)) {
                aside = true;
                return;
            }
            if (slice > coder.loopBytesMax()) {
                codings.ctx.loop.atNextTurn(owner);
                return;
            }
            slice += load;
            took(run());
        }
    }

    /** @return null when there is nothing to do */
    private Task nextTask() {
        if (inputFrom == inputTo) {
            inputFrom = 0;
            inputTo = 0;
        }
        int read = source.read(coder.input, coder.inputAddress, inputTo);
        if (read < 0) {
            giveUp(read == BodySource.SHRANK ? Termination.FILE_SHRANK : Termination.FILE_ERROR);
            return null;
        }
        inputTo += read;
        if (ended && source.isEmpty()) {
            return Task.FINISH;
        }
        if (inputTo == Coder.INPUT_BYTES || !source.isEmpty()) {
            return Task.TAKE;
        }
        return streaming && (inputFrom < inputTo || holdsBack) ? Task.FLUSH : null;
    }

    private boolean run() {
        return coder.run(task, inputFrom, taskTo, outputTo, Coder.OUTPUT_END);
    }

    private void took(boolean well) {
        if (!well) {
            giveUp(coder.failure());
            return;
        }
        inputFrom += coder.taken;
        outputTo += coder.made;
        made += coder.made;
        taskDone = coder.done;
        if (gathered != null) {
            gatherMade();
        }
        holdsBack = !taskDone || task == Task.TAKE;
        if (made > madeMax) {
            giveUp(coder.failure());
        }
    }

    private void giveUp(Termination why) {
        broken = true;
        owner.giveUp(why);
    }

    private void gatherMade() {
        bodyBytesLeft -= coder.taken;
        if (coder.made > gathered.size() - gatheredBytes) {
            dropGathered();
            return;
        }
        gathered.bytes.put(gatheredBytes, coder.output, outputTo - coder.made, coder.made);
        gatheredBytes += coder.made;
        if (task == Task.FINISH && taskDone && bodyBytesLeft == 0) {
            codings.forms.keep(serial, coder.pool, gathered, gatheredBytes);
            gathered = null;
        }
    }

    private void dropGathered() {
        codings.forms.giveBack(gathered);
        gathered = null;
    }

    /** On the side thread. */
    @Override
    public Runnable get() {
        asideWell = run();
        return afterSideWork;
    }

    private void sideWorkDone() {
        aside = false;
        if (owner.isDone()) {
            owner.release();
            return;
        }
        took(asideWell);
        codings.ctx.loop.atEndOfTurn(owner);
    }

    /** @return whether the client has taken all that came out */
    private boolean sendOutput(ClientStream client) {
        int length = outputTo - outputFrom;
        if (loaned || length == 0) {
            return !loaned;
        }
        if (length <= COPY_BYTES_MAX && client.room() >= length) {
            int count = client.writeCopy(coder.output, outputFrom, length);
            assert count == length : "room was promised";
            outputEmpty();
            return true;
        }
        client.writeLent(coder.output, coder.outputAddress, outputFrom, length);
        loaned = true;
        // Only the end of the answer may follow before the loan has come back.
        if (task == Task.FINISH && taskDone) {
            clientTold = true;
            client.endResponse();
        }
        return false;
    }

    /** Gives the coder back, wherever the body is; nothing may be under way beside the loop. */
    void drop() {
        assert !aside;
        source.drop();
        if (gathered != null) {
            dropGathered();
        }
        if (coder != null) {
            Coder last = coder;
            coder = null;
            last.pool.giveBack(last);
        }
    }
}
