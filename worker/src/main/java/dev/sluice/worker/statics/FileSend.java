package dev.sluice.worker.statics;

import dev.sluice.common.counters.Termination;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.ExchangeLog;
import dev.sluice.worker.exchange.Responder;
import dev.sluice.worker.linux.Libc;
import java.nio.ByteBuffer;

/**
 * One file, or some parts of it, on its way to one client. Holds the file until the exchange has
 * ended, since the kernel may read from the descriptor until then.
 *
 * <p>Owner: event loop. Reused: taken from {@link StaticFiles} and given back at the end.
 */
final class FileSend implements Responder, ExchangeLog {

    /** Up to this size a file is copied behind the head: one packet instead of two calls. */
    static final int COPY_BYTES_MAX = 16 * 1024;

    private final StaticFiles files;
    private CachedFile file;
    private boolean bySendfile;
    /** Bounds of the parts; one part for the whole file. */
    private long[] from = new long[1];
    private long[] to = new long[1];
    private int partCount;
    private int part;
    /** The next byte of the part that is under way. */
    private long offset;
    /** Of a multipart body; its frames are made again for each attempt to write them. */
    private boolean multipart;
    private byte[] partType;
    private long boundary;
    /** Bytes written of the frame before the part, or after the last one. */
    private int frameDone;
    private boolean frameComplete;
    private ExchangeLog alsoOnEnd;
    /** Next one in the pool of unused ones. */
    FileSend next;

    FileSend(StaticFiles files) {
        this.files = files;
    }

    /** Sends all of it. The file is handed over and released at the end of the exchange. */
    void start(Exchange x, CachedFile f, boolean sendfile, long first, long behind) {
        from[0] = first;
        to[0] = behind;
        partCount = 1;
        multipart = false;
        begin(x, f, sendfile);
    }

    /** Sends the ranges with a frame around each. */
    void startParts(Exchange x, CachedFile f, boolean sendfile, RangeSet ranges, byte[] type,
            long chosenBoundary) {
        partCount = ranges.count();
        if (from.length < partCount) {
            from = new long[partCount];
            to = new long[partCount];
        }
        for (int i = 0; i < partCount; i++) {
            from[i] = ranges.from(i);
            to[i] = ranges.to(i);
        }
        multipart = true;
        partType = type;
        boundary = chosenBoundary;
        begin(x, f, sendfile);
    }

    private void begin(Exchange x, CachedFile f, boolean sendfile) {
        assert file == null && f.isFile() && f.users > 0;
        file = f;
        bySendfile = sendfile;
        part = 0;
        offset = from[0];
        frameDone = 0;
        frameComplete = !multipart;
        alsoOnEnd = x.onEnd;
        x.onEnd = this;
        x.responder = this;
        pump(x);
    }

    /** Gives as much as is taken now. Nothing may be touched after the response has been ended. */
    private void pump(Exchange x) {
        while (part < partCount) {
            if (!frameComplete && !writeFrame(x)) {
                return;
            }
            frameComplete = true;
            if (!writePart(x)) {
                return;
            }
            part++;
            frameComplete = false;
            frameDone = 0;
            if (part < partCount) {
                offset = from[part];
            }
        }
        if (multipart && !writeFrame(x)) {
            return;
        }
        x.client.endResponse();
    }

    private boolean writeFrame(Exchange x) {
        ByteBuffer scratch = files.scratch();
        ByteSink out = files.scratchSink();
        if (part < partCount) {
            MultipartFrame.putHead(out, boundary, partType, from[part], to[part], file.size);
        } else {
            MultipartFrame.putEnd(out, boundary);
        }
        assert !out.overflowed();
        int left = out.position() - frameDone;
        int written = x.client.writeCopy(scratch, frameDone, left);
        frameDone += written;
        return written == left;
    }

    /** @return whether the part is given whole and more can be given at once */
    private boolean writePart(Exchange x) {
        long left = to[part] - offset;
        if (left == 0) {
            return true;
        }
        if (file.content != null) {
            int written = x.client.writeCopy(file.content, file.contentOffset + (int) offset,
                    (int) left);
            offset += written;
            return written == left;
        }
        if (!bySendfile || left <= COPY_BYTES_MAX && left <= x.client.room()) {
            return copyPart(x);
        }
        x.client.writeFile(file.fd, offset, left);
        offset = to[part];
        // Behind a file nothing can be given until it has been taken, except the end.
        return !multipart;
    }

    private boolean copyPart(Exchange x) {
        ByteBuffer scratch = files.scratch();
        while (offset < to[part]) {
            // One byte more than fits: what is not taken is what makes the stream call back.
            int most = Math.min(x.client.room(), scratch.capacity() - 1) + 1;
            int wanted = (int) Math.min(most, to[part] - offset);
            long count = Libc.pread(file.fd, files.scratchAddress(), wanted, offset);
            if (count <= 0) {
                files.troubles().broken(x, file, (int) count);
                x.client.abort(count == 0 ? Termination.FILE_SHRANK : Termination.FILE_ERROR);
                return false;
            }
            int written = x.client.writeCopy(scratch, 0, (int) count);
            offset += written;
            if (written < count) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void onClientWritable(Exchange x) {
        // The end of a file sent by sendfile(2) is told here too, after the response has ended.
        if (part < partCount || multipart && !endGiven()) {
            pump(x);
        }
    }

    private boolean endGiven() {
        return frameDone == MultipartFrame.endLength();
    }

    @Override
    public void onRequestBodyReadable(Exchange x) {
        // A body has no meaning here; the stream discards it.
    }

    @Override
    public void onClientGone(Exchange x) {
        // What is held is let go of when the exchange ends, which follows.
    }

    @Override
    public void ended(Exchange x) {
        CachedFile held = file;
        ExchangeLog also = alsoOnEnd;
        file = null;
        alsoOnEnd = null;
        partType = null;
        files.finished(this, held);
        if (also != null) {
            also.ended(x);
        }
    }
}
