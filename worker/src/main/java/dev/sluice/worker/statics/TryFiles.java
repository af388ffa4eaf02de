package dev.sluice.worker.statics;

import dev.sluice.worker.answer.ExchangePath;
import dev.sluice.worker.answer.TargetTemplate;
import dev.sluice.worker.answer.TargetTemplate.OldQuery;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.variables.Template;
import dev.sluice.worker.variables.WorkerScope;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The paths of {@code try_files}, compiled: all but the last are looked for, the last is a status
 * or a path to go on with.
 *
 * <p>Written at boot, then read-only.
 */
final class TryFiles {

    /** {@code /index.php$is_args$args} is how {@code /index.php?$args} is often written. */
    private static final Pattern IS_ARGS = Pattern.compile("\\$is_args|\\$\\{is_args}");

    /** One path to look for. */
    static final class Candidate {
        /** Null for {@code $uri} itself, which needs not be put together. */
        private final Template text;
        /** Written with a slash at its end: a directory is wanted, else a file. */
        final boolean wantsDirectory;
        /** That directory is the path itself. */
        final boolean wantsOwnDirectory;

        private Candidate(String text, WorkerScope scope) {
            this.text = text.equals("$uri") ? null : Template.compilePath(text, scope);
            this.wantsDirectory = text.endsWith("/");
            this.wantsOwnDirectory = text.equals("$uri/");
        }

        boolean isPathItself() {
            return text == null;
        }

        /** Writes the path; a slash at the end is not doubled. */
        void append(Exchange x, ByteSink out) {
            text.append(x, out);
            int end = out.position();
            if (end >= 2 && out.buffer().get(end - 1) == '/' && out.buffer().get(end - 2) == '/') {
                out.position(end - 1);
            }
        }
    }

    final Candidate[] candidates;
    /** Answered when no candidate is found; 0 when there is a path to go on with. */
    final int status;
    /** Null when it is a named location that goes on. */
    private final TargetTemplate target;
    private final String location;

    TryFiles(List<String> words, WorkerScope scope, ExchangePath paths) {
        candidates = new Candidate[words.size() - 1];
        for (int i = 0; i < candidates.length; i++) {
            candidates[i] = new Candidate(words.get(i), scope);
        }
        String last = words.getLast();
        if (last.startsWith("=")) {
            status = Integer.parseInt(last.substring(1));
            target = null;
            location = null;
        } else {
            status = 0;
            location = last.startsWith("@") ? last : null;
            target = location != null ? null
                    : new TargetTemplate(IS_ARGS.matcher(last).replaceFirst("?"), OldQuery.DROP,
                            scope, paths);
        }
    }

    /** Goes on with the last path or location. @return false when what came out is no path */
    boolean redirect(Exchange x) {
        if (location != null) {
            x.router.onNamedLocation(x, location);
            return true;
        }
        if (target.apply(x) != null) {
            return false;
        }
        x.router.onInternalRedirect(x);
        return true;
    }
}
