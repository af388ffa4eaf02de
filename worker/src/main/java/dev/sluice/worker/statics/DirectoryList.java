package dev.sluice.worker.statics;

import dev.sluice.common.config.StaticConfig.Autoindex;
import dev.sluice.worker.answer.Answers;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.Responder;
import dev.sluice.worker.linux.Libc;
import dev.sluice.worker.loop.EventLoop;
import dev.sluice.worker.loop.Offload;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;

/**
 * Answers one request with a list of a directory, which a thread beside the loop reads and writes.
 *
 * <p>Owner: event loop, but for {@link #get}.
 */
final class DirectoryList implements Responder, Supplier<Runnable> {

    private static final byte[] HTML =
            "text/html; charset=utf-8".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] JSON = "application/json".getBytes(StandardCharsets.US_ASCII);

    private final FileTroubles troubles;
    private final CachedFile directory;
    private final Autoindex how;
    private final String shownPath;
    private final DirectoryReader reader;
    private final int rootFd;
    /** Null once the client has gone. */
    private Exchange x;
    private byte[] text;

    private DirectoryList(Exchange x, FileTroubles troubles, CachedFile directory, byte[] path,
            int rootFd, Autoindex how) {
        this.x = x;
        this.troubles = troubles;
        this.directory = directory;
        this.how = how;
        this.rootFd = rootFd;
        byte[] shown = new byte[x.pathLength];
        x.pathBuffer.get(x.pathOffset, shown);
        shownPath = new String(shown, StandardCharsets.UTF_8);
        reader = new DirectoryReader(rootFd, path, directory.root.symlinks,
                directory.root.resolve);
    }

    /**
     * @param directory what was found of it; its path ends with a slash
     * @param path the same below the root
     */
    static void answer(Exchange x, EventLoop loop, Offload side, FileTroubles troubles,
            CachedFile directory, byte[] path, Autoindex how) {
        // The root may be opened anew meanwhile: a copy stays what it is.
        int rootFd = Libc.copy(directory.root.fd());
        if (rootFd < 0) {
            Answers.status(x, FileTroubles.statusOf(-rootFd));
            return;
        }
        DirectoryList list = new DirectoryList(x, troubles, directory, path, rootFd, how);
        x.responder = list;
        if (!side.submit(loop, list)) {
            x.responder = Responder.NONE;
            Libc.close(rootFd);
            Answers.status(x, 503);
        }
    }

    /** Beside the loop. */
    @Override
    public Runnable get() {
        try {
            List<DirectoryEntry> entries = reader.read();
            if (entries != null) {
                Collections.sort(entries);
                text = how.json() ? DirectoryText.json(entries)
                        : DirectoryText.page(shownPath, entries, how.exactSize());
            }
        } finally {
            Libc.close(rootFd);
        }
        return this::done;
    }

    private void done() {
        Exchange of = x;
        if (of == null) {
            return;
        }
        of.responder = Responder.NONE;
        if (text == null) {
            CachedFile missing = new CachedFile(directory.root, directory.path,
                    directory.pathLength, directory.hash);
            missing.errno = reader.errno();
            Answers.status(of, troubles.explain(of, missing));
        } else {
            Answers.text(of, 200, how.json() ? JSON : HTML, ByteBuffer.wrap(text), 0, text.length,
                    true);
        }
    }

    @Override
    public void onRequestBodyReadable(Exchange of) {
        // A body has no meaning here; the stream discards it.
    }

    @Override
    public void onClientWritable(Exchange of) {
        // Nothing has been written yet.
    }

    @Override
    public void onClientGone(Exchange of) {
        x = null;
    }
}
