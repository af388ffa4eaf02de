package dev.sluice.worker.module;

import dev.sluice.common.module.FileReading;
import dev.sluice.module.FileReader;
import dev.sluice.module.ModuleException;
import dev.sluice.module.ModuleLog;
import dev.sluice.module.TimerHook;
import dev.sluice.module.Watched;
import dev.sluice.worker.loop.LoopContext;
import dev.sluice.worker.loop.Timed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What modules have done beside requests: again and again, and for files that have changed.
 *
 * <p>Owner: event loop; files are read on a virtual thread, one look at a time.
 */
final class Chores {

    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    private final LoopContext ctx;
    private final HookCalls calls;
    private final List<Chore> chores = new ArrayList<>();
    private final List<WatchedFile<?>> files = new ArrayList<>();
    private boolean looking;
    private boolean ended;

    Chores(LoopContext ctx, HookCalls calls) {
        this.ctx = ctx;
        this.calls = calls;
    }

    void every(Duration period, TimerHook hook, Guard guard, HookPlace place) {
        chores.add(new Chore(period, () -> {
            if (!guard.isOpen()) {
                calls.tick(hook, guard, place);
            }
        }));
    }

    <T> Watched<T> watch(Path file, FileReader<T> reader, ModuleLog log) {
        if (files.isEmpty()) {
            chores.add(new Chore(BETWEEN_LOOKS, this::look));
        }
        WatchedFile<T> watched = new WatchedFile<>(file, reader, log);
        watched.take(watched.found());
        files.add(watched);
        return watched;
    }

    void start() {
        chores.forEach(Chore::set);
    }

    void end() {
        ended = true;
        chores.forEach(ctx.timers::clear);
    }

    private void look() {
        if (looking) {
            return;
        }
        looking = true;
        Thread.ofVirtual().name("module files").start(() -> {
            List<Runnable> news = new ArrayList<>();
            for (WatchedFile<?> file : files) {
                file.addNews(news);
            }
            calls.loop.execute(() -> {
                looking = false;
                if (!ended) {
                    news.forEach(Runnable::run);
                }
            });
        });
    }

    /** Something that is done once each period. */
    private final class Chore extends Timed {
        private final long periodNs;
        private final Runnable work;

        Chore(Duration period, Runnable work) {
            this.periodNs = period.toNanos();
            this.work = work;
        }

        void set() {
            ctx.timers.set(this, ctx.clock.nowNs() + periodNs);
        }

        @Override
        protected void onDeadline(long nowNs) {
            work.run();
            if (!ended) {
                set();
            }
        }
    }

    /** A file, and what was read of it. The version belongs to whoever looks. */
    private static final class WatchedFile<T> implements Watched<T> {

        /** What a look has brought: one of both is null. */
        private record Found<T>(T value, String complaint) {}

        private final Path file;
        private final FileReader<T> reader;
        private final ModuleLog log;
        private String version = "";
        private T value;
        /** What the operator knows; null while all is well. */
        private String told;

        WatchedFile(Path file, FileReader<T> reader, ModuleLog log) {
            this.file = file;
            this.reader = reader;
            this.log = log;
        }

        @Override
        public T get() {
            return value;
        }

        void addNews(List<Runnable> news) {
            Found<T> found = found();
            if (found != null) {
                news.add(() -> take(found));
            }
        }

        /** Null when nothing has changed. */
        private Found<T> found() {
            String now;
            try {
                BasicFileAttributes a = Files.readAttributes(file, BasicFileAttributes.class);
                now = a.fileKey() + " " + a.lastModifiedTime() + " " + a.size();
            } catch (IOException gone) {
                now = gone.toString();
            }
            if (now.equals(version)) {
                return null;
            }
            version = now;
            try {
                return new Found<>(FileReading.read(file, reader), null);
            } catch (ModuleException e) {
                return new Found<>(null, e.getMessage());
            }
        }

        private void take(Found<T> found) {
            if (found.value != null) {
                value = found.value;
                told = null;
            } else if (!found.complaint.equals(told)) {
                told = found.complaint;
                log.warn(told + (value == null ? "" : "; what was read before stays"));
            }
        }
    }
}
