package dev.sluice.module;

/** Decides about a request on a virtual thread of its own; may block. */
@FunctionalInterface
public interface BlockingHook {

    /**
     * @param request a copy, valid as long as it is wanted
     * @return what is to be done; never null, and not a {@link Verdict.Suspend}
     */
    Verdict onRequest(RequestCopy request) throws Exception;
}
