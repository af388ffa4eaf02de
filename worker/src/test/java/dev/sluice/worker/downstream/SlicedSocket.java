package dev.sluice.worker.downstream;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;

/** A socket whose first bytes go out in slices of a given size, each in a packet of its own. */
final class SlicedSocket extends Socket {

    private final int sliceBytes;
    private int slicesLeft;

    /** @param slicesMax what follows goes out as it comes */
    SlicedSocket(int sliceBytes, int slicesMax) {
        this.sliceBytes = sliceBytes;
        this.slicesLeft = slicesMax;
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        OutputStream whole = super.getOutputStream();
        return new FilterOutputStream(whole) {
            @Override
            public void write(byte[] b, int off, int len) throws IOException {
                int from = off;
                while (from < off + len && slicesLeft > 0) {
                    int count = Math.min(sliceBytes, off + len - from);
                    whole.write(b, from, count);
                    from += count;
                    slicesLeft--;
                }
                if (from < off + len) {
                    whole.write(b, from, off + len - from);
                }
            }
        };
    }
}
