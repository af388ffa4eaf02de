package dev.sluice.worker.cache;

import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.ClientStream;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.loop.LoopContext;
import dev.sluice.worker.loop.TurnEnd;
import java.nio.ByteBuffer;

/**
 * The fields of an answer on their way: to a client, or as lines into a record, or nowhere.
 *
 * <p>Owner: event loop.
 */
abstract class HeadCollector extends CopiedClient implements TurnEnd {

    private final ByteSink nowhere = new ByteSink();
    private boolean queued;
    boolean headSent;
    /** The handler is to be told at the end of the turn that it may go on. */
    boolean tells;

    HeadCollector(LoopContext ctx, Exchange first, int headersMax) {
        super(ctx, first, headersMax);
    }

    /** Null unless the answer is passed on as it comes. */
    abstract ClientStream passTo();

    /** What is recorded; null when the answer is not. */
    abstract HeadLines lines();

    @Override
    public final void header(byte[] name, byte[] value) {
        if (passTo() != null) {
            passTo().header(name, value);
        } else if (lines() != null) {
            lines().header(name, value);
        }
    }

    @Override
    public final void header(byte[] name, ByteBuffer value, int offset, int length) {
        if (passTo() != null) {
            passTo().header(name, value, offset, length);
        } else if (lines() != null) {
            lines().header(name, value, offset, length);
        }
    }

    @Override
    public final void header(ByteBuffer name, int nameOffset, int nameLength, ByteBuffer value,
            int valueOffset, int valueLength) {
        if (passTo() != null) {
            passTo().header(name, nameOffset, nameLength, value, valueOffset, valueLength);
        } else if (lines() != null) {
            lines().header(name, nameOffset, nameLength, value, valueOffset, valueLength);
        }
    }

    @Override
    public final void headerDecimal(byte[] name, long value) {
        if (passTo() != null) {
            passTo().headerDecimal(name, value);
        } else if (lines() != null) {
            lines().headerDecimal(name, value);
        }
    }

    @Override
    public final ByteSink beginHeader(byte[] name) {
        return passTo() != null ? passTo().beginHeader(name)
                : lines() != null ? lines().beginHeader(name) : nowhere.reset(copy.bytes, 0, 0);
    }

    @Override
    public final void endHeader() {
        if (passTo() != null) {
            passTo().endHeader();
        } else if (lines() != null) {
            lines().endHeader();
        }
    }

    @Override
    public final boolean headSent() {
        return headSent;
    }

    /** The handler is told that what it has lent is its own again. */
    final void tellLater() {
        tells = true;
        atEndOfTurn();
    }

    final void atEndOfTurn() {
        ctx.loop.atEndOfTurn(this);
    }

    @Override
    public final boolean markQueued() {
        boolean first = !queued;
        queued = true;
        return first;
    }

    @Override
    public final void clearQueued() {
        queued = false;
    }

    @Override
    public final void interim(int status) {
        // Nobody in particular waits for it.
    }
}
