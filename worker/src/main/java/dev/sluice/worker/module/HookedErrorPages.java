package dev.sluice.worker.module;

import dev.sluice.module.ErrorHook;
import dev.sluice.module.Verdict;
import dev.sluice.worker.exchange.ErrorPages;
import dev.sluice.worker.exchange.Exchange;
import java.util.List;

/**
 * Asks modules before a page is sent in place of an error.
 *
 * <p>Owner: event loop.
 */
final class HookedErrorPages implements ErrorPages {

    /** A hook and whose it is. */
    record Entry(ErrorHook hook, Guard guard, HookPlace place) {}

    private final HookCalls calls;
    private final List<Entry> entries;
    private final ErrorPages own;
    /** Whose error is asked about: what a hook answers with is not asked about again. */
    private Exchange asking;

    /** @param own the location's pages, or null */
    HookedErrorPages(HookCalls calls, List<Entry> entries, ErrorPages own) {
        this.calls = calls;
        this.entries = List.copyOf(entries);
        this.own = own;
    }

    @Override
    public boolean answer(Exchange x, int status) {
        if (asking != x) {
            asking = x;
            try {
                if (isAnswered(x, status)) {
                    return true;
                }
            } finally {
                asking = null;
            }
        }
        return own != null && own.answer(x, status);
    }

    @Override
    public boolean has(int status) {
        return own != null && own.has(status);
    }

    private boolean isAnswered(Exchange x, int status) {
        for (Entry entry : entries) {
            if (entry.guard().isOpen()) {
                continue;
            }
            Verdict verdict =
                    calls.askOfError(x, status, entry.hook(), entry.guard(), entry.place());
            if (verdict instanceof Verdict.Next) {
                continue;
            }
            try {
                entry.place().answered();
                calls.verdicts.carryOut(x, verdict);
                return true;
            } catch (IllegalArgumentException bad) {
                entry.guard().failed(entry.place(), bad, null);
            }
        }
        return false;
    }
}
