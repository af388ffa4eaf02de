package dev.sluice.worker.statics;

import dev.sluice.common.config.StaticConfig;
import dev.sluice.common.config.StaticConfig.Autoindex;
import dev.sluice.worker.answer.Answers;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.ContentHandler;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.ExchangeState;
import dev.sluice.worker.http.Method;
import dev.sluice.worker.linux.Errno;
import java.nio.charset.StandardCharsets;

/**
 * Answers the paths of a location with files: finds the file and leaves the sending of it to
 * {@link FileAnswer}.
 *
 * <p>Owner: event loop.
 */
public final class StaticHandler implements ContentHandler {

    private static final byte[] ALLOW =
            "GET, HEAD".getBytes(StandardCharsets.US_ASCII);

    private final StaticFiles files;
    /** Null in a location without root and alias: nothing is found. */
    private final FileRoot root;
    private final TryFiles tryFiles;
    private final FileAnswer answer;
    private final byte[][] indexNames;
    /** Null where directories are not listed. */
    private final Autoindex autoindex;

    StaticHandler(StaticFiles files, StaticConfig config, FileRoot root, TryFiles tryFiles) {
        this.files = files;
        this.root = root;
        this.tryFiles = tryFiles;
        this.answer = new FileAnswer(files, config);
        this.autoindex = config.autoindex();
        this.indexNames = config.index().stream()
                .map(name -> name.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new);
    }

    @Override
    public void handle(Exchange x) {
        x.state = ExchangeState.SENDING_RESPONSE;
        if (root == null) {
            Answers.status(x, 404);
        } else if (tryFiles != null) {
            // What is no file is not for files alone: a POST may find its way to a peer.
            tryInOrder(x);
        } else if (isRead(x)) {
            find(x);
        } else {
            refuse(x);
        }
    }

    /** Whether a file may be the answer: to an error it is, whatever was asked. */
    @Override
    public byte[] methods() {
        return ALLOW;
    }

    private static boolean isRead(Exchange x) {
        int method = x.request.method;
        return method == Method.GET || method == Method.HEAD || Answers.isErrorPage(x);
    }

    private static void refuse(Exchange x) {
        if (x.request.method == Method.OPTIONS) {
            Answers.options(x, ALLOW);
        } else {
            Answers.status(x, 405);
        }
    }

    private void send(Exchange x, CachedFile f) {
        discardBody(x);
        answer.send(x, root, f);
    }

    private static void discardBody(Exchange x) {
        if (x.client.bodyPending()) {
            x.client.discardBody();
        }
    }

    private void find(Exchange x) {
        if (endsWithSlash(x)) {
            index(x);
            return;
        }
        CachedFile f = files.lookup(root, x.pathBuffer, x.pathOffset, x.pathLength);
        if (f.isFile()) {
            send(x, f);
        } else if (f.isDirectory()) {
            files.release(f);
            Answers.redirectToDirectory(x);
        } else {
            fail(x, f);
        }
    }

    private static boolean endsWithSlash(Exchange x) {
        return x.pathLength > 0
                && x.pathBuffer.get(x.pathOffset + x.pathLength - 1) == '/';
    }

    /** The first index file that is there is served as if its path had been asked for. */
    private void index(Exchange x) {
        for (byte[] name : indexNames) {
            CachedFile f = lookupIndex(x, name);
            if (f == null) {
                Answers.status(x, 414);
                return;
            }
            if (f.isFile()) {
                redirect(x, f);
                return;
            }
            if (f.kind == CachedFile.Kind.NONE && f.errno != Errno.ENOENT
                    && f.errno != Errno.ENOTDIR) {
                fail(x, f);
                return;
            }
            files.release(f);
        }
        CachedFile directory =
                files.lookup(root, x.pathBuffer, x.pathOffset, x.pathLength);
        if (!directory.isDirectory()) {
            fail(x, directory);
            return;
        }
        if (autoindex != null && !Answers.isErrorPage(x)) {
            discardBody(x);
            files.list(x, directory, autoindex);
            return;
        }
        files.troubles().noIndex(x, directory);
        files.release(directory);
        Answers.status(x, 403);
    }

    /** Null when the path is too long for an index file's name. */
    private CachedFile lookupIndex(Exchange x, byte[] name) {
        ByteSink path = files.scratchSink();
        if (name.length == 0 || name[0] != '/') {
            path.put(x.pathBuffer, x.pathOffset, x.pathLength);
        }
        path.put(name);
        return path.overflowed() ? null : files.lookup(root, path.buffer(), 0, path.position());
    }

    /**
     * Goes on with the path of the file, which another location may answer. The exchange refers
     * to the entry's own copy of the path, which nothing changes.
     */
    private void redirect(Exchange x, CachedFile f) {
        setPath(x, f);
        files.release(f);
        x.router.onInternalRedirect(x);
    }

    private static void setPath(Exchange x, CachedFile f) {
        x.pathBuffer = f.path;
        x.pathOffset = 0;
        x.pathLength = f.pathLength;
        x.pathChanged = true;
    }

    private void tryInOrder(Exchange x) {
        for (TryFiles.Candidate candidate : tryFiles.candidates) {
            CachedFile f = lookup(x, candidate);
            if (f == null) {
                continue;
            }
            if (candidate.wantsDirectory ? f.isDirectory() : f.isFile()) {
                take(x, f, candidate);
                return;
            }
            files.release(f);
        }
        if (tryFiles.status != 0) {
            Answers.status(x, tryFiles.status);
        } else if (!tryFiles.redirect(x)) {
            Answers.status(x, 500);
        }
    }

    /** Null when no path came out. */
    private CachedFile lookup(Exchange x, TryFiles.Candidate candidate) {
        if (candidate.isPathItself()) {
            return files.lookup(root, x.pathBuffer, x.pathOffset, x.pathLength);
        }
        ByteSink path = files.scratchSink();
        candidate.append(x, path);
        return path.overflowed() ? null : files.lookup(root, path.buffer(), 0, path.position());
    }

    private void take(Exchange x, CachedFile f, TryFiles.Candidate candidate) {
        if (!isRead(x)) {
            files.release(f);
            refuse(x);
            return;
        }
        if (candidate.wantsOwnDirectory && !endsWithSlash(x) && !Answers.isErrorPage(x)) {
            // Relative links of its index would lead beside it.
            files.release(f);
            Answers.redirectToDirectory(x);
            return;
        }
        if (!candidate.isPathItself()) {
            setPath(x, f);
        }
        if (candidate.wantsDirectory) {
            files.release(f);
            index(x);
        } else {
            send(x, f);
        }
    }

    private void fail(Exchange x, CachedFile f) {
        int status = files.troubles().explain(x, f);
        files.release(f);
        Answers.status(x, status);
    }
}
