package dev.sluice.worker.module;

import dev.sluice.module.Hooks;
import dev.sluice.module.Verdict;
import dev.sluice.worker.exchange.Exchange;
import java.nio.ByteBuffer;

/**
 * One body on its way through the hooks of a location: each gets what the one before has written.
 *
 * <p>Owner: event loop.
 */
final class BodyPipe {

    static final int PIECE_BYTES = 16 * 1024;
    private static final int OUTPUT_BYTES_MAX = 1 << 20;

    private final HookCalls calls;
    private final BodyStage[] stages;
    private final BodyBuffer[] outputs;
    /** What is gathered for a hook that wants all; null for the others. */
    private final BodyBuffer[] gathered;
    /** Failed, or left alone from the beginning: the body passes as it is. */
    private final boolean[] off;
    private boolean begun;
    private Verdict failure;

    BodyPipe(HookCalls calls, BodyStage[] stages) {
        this.calls = calls;
        this.stages = stages;
        outputs = new BodyBuffer[stages.length];
        gathered = new BodyBuffer[stages.length];
        off = new boolean[stages.length];
        for (int i = 0; i < stages.length; i++) {
            boolean whole = stages[i].whole() != null;
            outputs[i] = new BodyBuffer(whole ? Hooks.WHOLE_BODY_BYTES_MAX : OUTPUT_BYTES_MAX);
            gathered[i] = whole ? new BodyBuffer(stages[i].wholeBytesMax()) : null;
        }
    }

    /** What becomes of the exchange whose hook has failed; known once {@link #push} was false. */
    Verdict failure() {
        return failure;
    }

    /** What has come out and has not been taken. */
    BodyBuffer output() {
        return outputs[outputs.length - 1];
    }

    /**
     * Puts a piece in; what came out of the one before has been taken.
     *
     * @return false when a hook has failed and its module wants the exchange to end
     */
    boolean push(Exchange x, ByteBuffer piece, boolean last) {
        assert output().isEmpty();
        ByteBuffer current = piece;
        for (int i = 0; i < stages.length; i++) {
            outputs[i].clear();
            if (!begun && stages[i].guard().isOpen() && !gaveUp(i)) {
                return false;
            }
            if (!through(x, i, current, last)) {
                return false;
            }
            current = outputs[i].all();
        }
        begun = true;
        return true;
    }

    /**
     * Whether each hook has been called, or is not to be: what comes out now is final.
     *
     * @param last whether the body has ended
     */
    boolean hasAskedAll(boolean last) {
        for (int i = 0; i < stages.length && !last; i++) {
            if (gathered[i] != null && !off[i]) {
                return false;
            }
        }
        return true;
    }

    private boolean through(Exchange x, int i, ByteBuffer piece, boolean last) {
        BodyStage stage = stages[i];
        BodyBuffer output = outputs[i];
        if (off[i]) {
            output.append(piece);
            return true;
        }
        if (stage.whole() != null) {
            return gather(x, i, piece, last);
        }
        int from = piece.position();
        if (!calls.pass(x, stage.streamed(), stage.guard(), stage.place(), piece, last, output)) {
            output.append(piece.position(from));
            return gaveUp(i);
        }
        return true;
    }

    private boolean gather(Exchange x, int i, ByteBuffer piece, boolean last) {
        BodyStage stage = stages[i];
        BodyBuffer all = gathered[i];
        BodyBuffer output = outputs[i];
        if (!all.fits(piece.remaining())) {
            stage.guard().failed(stage.place(), null,
                    "the body is longer than the " + stage.wholeBytesMax() + " bytes it takes");
            output.append(all.all());
            output.append(piece);
            all.clear();
            return gaveUp(i);
        }
        all.append(piece);
        if (!last) {
            return true;
        }
        boolean good = calls.passWhole(x, stage.whole(), stage.guard(), stage.place(), all, output);
        if (!good || !output.isWritten()) {
            output.append(all.all());
        }
        all.clear();
        return good || gaveUp(i);
    }

    /** @return whether the exchange goes on without the hook */
    private boolean gaveUp(int i) {
        off[i] = true;
        failure = stages[i].guard().verdict();
        return failure == Verdict.NEXT;
    }
}
