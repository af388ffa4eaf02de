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
 * on in a turn of the loop; a larger one is worked on by a thread beside it, which reads a file
 * itself. It goes on with a body as long as it can: a coder's state fills the processor's cache,
 * and pieces of many bodies in turns cost half as much again.
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
    /** Of a file the thread beside the loop works on so many slices of the loop at a time. */
    private static final int ASIDE_SLICES = 16;

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
    /** The same, as it was when the coder was taken to work: the loop may learn of it meanwhile. */
    private boolean endKnown;
    private boolean clientTold;
    private boolean broken;
    /** The side thread has the coder. */
    private boolean aside;
    /** Why it cannot go on; null while it can. */
    private Termination trouble;
    /** Where the output of the work under way, or of the last one, begins; and what it took. */
    private int workFrom;
    private int workTaken;
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
        trouble = null;
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
        return !aside && task == null && source.isEmpty()
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
            endKnown = ended;
            int most = coder.loopBytesMax();
            boolean unread = isTaskOver() && source.fileBytes() > most;
            if (isTaskOver() && !unread && !nextTask()) {
                giveUpInTrouble();
                return;
            }
            long load = (unread ? inputTo : taskTo) - inputFrom + coder.held()
                    + (unread ? source.fileBytes() : 0);
            if (load > most && codings.side.submit(codings.ctx.loop, this)) {
                aside = true;
                return;
            }
            if (slice > most) {
                codings.ctx.loop.atNextTurn(owner);
                return;
            }
            slice += (int) Math.min(load, Coder.INPUT_BYTES);
            work(1);
            worked();
        }
    }

    private boolean isTaskOver() {
        return task == null || taskDone;
    }

    /** Where the coder is. @return false when there is nothing to do, or trouble */
    private boolean nextTask() {
        task = null;
        if (inputFrom == inputTo) {
            inputFrom = 0;
            inputTo = 0;
        }
        int read = source.read(coder.input, coder.inputAddress, inputTo);
        if (read < 0) {
            trouble = read == BodySource.SHRANK ? Termination.FILE_SHRANK
                    : Termination.FILE_ERROR;
            return false;
        }
        inputTo += read;
        if (endKnown && source.isEmpty()) {
            task = Task.FINISH;
        } else if (inputTo == Coder.INPUT_BYTES || !source.isEmpty()) {
            task = Task.TAKE;
        } else if (streaming && (inputFrom < inputTo || holdsBack)) {
            task = Task.FLUSH;
        }
        taskTo = inputTo;
        taskDone = false;
        return task != null;
    }

    /**
     * Where the coder is: works on a piece, and on more of a file while there is room for what
     * comes out and less than so many bytes have been taken.
     */
    private void work(int bytesMax) {
        workFrom = outputTo;
        workTaken = 0;
        do {
            if (isTaskOver() && !nextTask()) {
                return;
            }
            if (!coder.run(task, inputFrom, taskTo, outputTo, Coder.OUTPUT_END)) {
                trouble = coder.failure();
                return;
            }
            inputFrom += coder.taken;
            workTaken += coder.taken;
            outputTo += coder.made;
            taskDone = coder.done;
            holdsBack = !taskDone || task == Task.TAKE;
        } while (taskDone && source.fileBytes() > 0 && workTaken < bytesMax);
    }

    /** Back on the loop. */
    private void worked() {
        if (giveUpInTrouble()) {
            return;
        }
        made += outputTo - workFrom;
        if (gathered != null) {
            gatherMade();
        }
        if (made > madeMax) {
            trouble = coder.failure();
            giveUpInTrouble();
        }
    }

    private boolean giveUpInTrouble() {
        if (trouble == null) {
            return false;
        }
        broken = true;
        owner.giveUp(trouble);
        return true;
    }

    private void gatherMade() {
        int length = outputTo - workFrom;
        bodyBytesLeft -= workTaken;
        if (length > gathered.size() - gatheredBytes) {
            dropGathered();
            return;
        }
        gathered.bytes.put(gatheredBytes, coder.output, workFrom, length);
        gatheredBytes += length;
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
        work(coder.loopBytesMax() * ASIDE_SLICES);
        return afterSideWork;
    }

    private void sideWorkDone() {
        aside = false;
        if (owner.isDone()) {
            owner.release();
            return;
        }
        worked();
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
