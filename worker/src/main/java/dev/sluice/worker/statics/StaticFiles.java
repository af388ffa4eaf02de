package dev.sluice.worker.statics;

import dev.sluice.common.config.HttpConfig;
import dev.sluice.common.config.LocationConfig;
import dev.sluice.common.config.LocationConfig.Match;
import dev.sluice.common.config.MimeTypes;
import dev.sluice.common.config.StaticConfig;
import dev.sluice.common.config.StaticConfig.Autoindex;
import dev.sluice.common.config.StaticConfig.Symlinks;
import dev.sluice.worker.answer.ExchangePath;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.arena.KeyedHash;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.linux.Libc;
import dev.sluice.worker.loop.LoopContext;
import dev.sluice.worker.loop.Offload;
import dev.sluice.worker.loop.SideThread;
import dev.sluice.worker.statics.FileRoot.Strip;
import dev.sluice.worker.variables.WorkerScope;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * What all static locations of a worker share: the cache of open files, their contents, and the
 * objects that send them. Makes the handlers of locations at boot.
 *
 * <p>Owner: event loop.
 */
public final class StaticFiles {

    /** Bound of the memory for contents of small files; taken only as they are asked for. */
    public static final long CONTENT_BYTES_MAX = 16L * 1024 * 1024;

    /** Lists that may wait to be made: each takes up to 3 MB. */
    private static final int LISTS_MAX = 8;
    private static final int SCRATCH_BYTES = FileSend.COPY_BYTES_MAX;

    private final LoopContext ctx;
    private final WorkerScope scope;
    private final ExchangePath paths;
    private final OpenFileCache cache;
    private final FileTroubles troubles;
    private final Map<String, FileRoot> roots = new HashMap<>();
    /** Of the same object, which locations share that say nothing else of files. */
    private final Map<StaticConfig, StaticHandler> handlers = new IdentityHashMap<>();
    private final RangeSet ranges = new RangeSet();
    private final SplittableRandom random = new SplittableRandom();
    /** For what is used up before the method that fills it returns. */
    private final ByteBuffer scratch =
            ByteBuffer.allocateDirect(SCRATCH_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final long scratchAddress = MemorySegment.ofBuffer(scratch).address();
    private final ByteSink scratchSink = new ByteSink();
    private FileSend unused;
    /** Reads directories; null until the first is listed. */
    private Offload side;

    public StaticFiles(LoopContext ctx, WorkerScope scope, ExchangePath paths, HttpConfig http,
            MimeTypes types) {
        this.ctx = ctx;
        this.scope = scope;
        this.paths = paths;
        int entriesMax = http.openFileCacheMax();
        ContentPool contents = new ContentPool(entriesMax > 0 ? CONTENT_BYTES_MAX : 0);
        FileOpener opener = new FileOpener(ctx.clock, new MediaTypes(types), contents);
        this.cache = new OpenFileCache(opener, KeyedHash.random(), ctx.counters, http);
        this.troubles = new FileTroubles(ctx.log, cache);
    }

    /** The handler of a location that serves files. At boot. */
    public StaticHandler handler(LocationConfig location) {
        StaticConfig statics = location.statics();
        if (statics.alias() != null) {
            return make(location, statics);
        }
        StaticHandler known = handlers.get(statics);
        if (known == null) {
            known = make(location, statics);
            handlers.put(statics, known);
        }
        return known;
    }

    private StaticHandler make(LocationConfig location, StaticConfig statics) {
        FileRoot root = null;
        if (statics.alias() != null) {
            Match match = location.match();
            boolean prefix = match == Match.PREFIX || match == Match.PREFIX_STRONG;
            root = root(statics.alias(), prefix ? Strip.PREFIX : Strip.EVERYTHING,
                    prefix ? location.pattern() : "", statics.symlinks());
        } else if (statics.root() != null) {
            root = root(statics.root(), Strip.NOTHING, "", statics.symlinks());
        }
        if (root != null) {
            Libc.prepare();
        }
        TryFiles tryFiles = statics.tryFiles().isEmpty() ? null
                : new TryFiles(statics.tryFiles(), scope, paths);
        return new StaticHandler(this, statics, root, tryFiles);
    }

    /** Equal ones are shared. A path holds no zero byte, so the text tells all of them apart. */
    private FileRoot root(String name, Strip strip, String prefix, Symlinks symlinks) {
        return roots.computeIfAbsent(String.join("\0", name, prefix, strip.name(),
                symlinks.name()), key -> new FileRoot(name, strip, prefix, symlinks));
    }

    /** Lent until {@link #release}. */
    CachedFile lookup(FileRoot root, ByteBuffer path, int offset, int length) {
        return cache.lookup(root, path, offset, length, ctx.clock.nowNs());
    }

    void release(CachedFile f) {
        cache.release(f);
    }

    FileSend newSend() {
        FileSend send = unused;
        if (send == null) {
            return new FileSend(this);
        }
        unused = send.next;
        send.next = null;
        return send;
    }

    void finished(FileSend send, CachedFile held) {
        cache.release(held);
        send.next = unused;
        unused = send;
    }

    /** Answers with a list of the directory, which is released. */
    void list(Exchange x, CachedFile directory, Autoindex how) {
        if (side == null) {
            side = new SideThread(LISTS_MAX);
        }
        DirectoryList.answer(x, ctx.loop, side, troubles, directory,
                cache.directoryOf(directory), how);
        cache.release(directory);
    }

    FileTroubles troubles() {
        return troubles;
    }

    RangeSet ranges() {
        return ranges;
    }

    long newBoundary() {
        return random.nextLong();
    }

    ByteBuffer scratch() {
        return scratch;
    }

    long scratchAddress() {
        return scratchAddress;
    }

    /** Writes into all of {@link #scratch}. */
    ByteSink scratchSink() {
        return scratchSink.reset(scratch, 0, SCRATCH_BYTES);
    }

    OpenFileCache cache() {
        return cache;
    }
}
