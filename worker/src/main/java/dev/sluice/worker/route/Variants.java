package dev.sluice.worker.route;

import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.Location;
import dev.sluice.worker.http.Method;
import java.util.List;

/**
 * The locations of one pattern, which differ by their conditions and methods. The first in the
 * order of the file whose conditions hold and that has the method is taken, one that asks for
 * nothing comes last. When conditions hold and no method fits, the method is refused; when none
 * hold, it is as if the pattern were not there.
 *
 * <p>Written at boot, then read-only; conditions belong to the event loop.
 */
final class Variants {

    /** {@code methods} of a location that serves all of them. */
    static final int ALL_METHODS = -1;

    /** One location; methods are bits by their number in {@link Method}. */
    record Variant(Location location, Condition[] conditions, int methods) {

        boolean takesAll() {
            return conditions.length == 0 && methods == ALL_METHODS;
        }
    }

    /** The only location, if it takes everything; else null. */
    private final Location only;
    private final Variant[] variants;
    /** Answers for methods that none has; null when one variant takes them all. */
    private final Location refusal;

    /** @param refusal answers a method that none of the variants has; null without methods */
    Variants(List<Variant> inOrder, Location refusal) {
        this.refusal = refusal;
        variants = new Variant[inOrder.size()];
        int at = 0;
        for (Variant variant : inOrder) {
            if (!variant.takesAll()) {
                variants[at++] = variant;
            }
        }
        for (Variant variant : inOrder) {
            if (variant.takesAll()) {
                variants[at++] = variant;
            }
        }
        only = variants[0].takesAll() ? variants[0].location : null;
    }

    /** Bits of the methods; HEAD goes with GET. */
    static int bits(List<String> methods) {
        if (methods.isEmpty()) {
            return ALL_METHODS;
        }
        int bits = 0;
        for (int method = Method.GET; method <= Method.PATCH; method++) {
            bits |= methods.contains(Method.name(method)) ? 1 << method : 0;
        }
        return (bits & 1 << Method.GET) == 0 ? bits : bits | 1 << Method.HEAD;
    }

    /** Whether a request for the path without its slash at the end is sent to the one with it. */
    boolean addsSlash() {
        for (Variant variant : variants) {
            if (variant.location.addsSlash()) {
                return true;
            }
        }
        return false;
    }

    /** What redirects to the path with its slash, whatever the method; null for nothing. */
    Location pickSlash(Exchange x) {
        for (Variant variant : variants) {
            if (variant.location.addsSlash() && Condition.allHold(variant.conditions, x)) {
                return variant.location.withoutSlash();
            }
        }
        return null;
    }

    /** Null when no conditions hold. */
    Location pick(Exchange x) {
        return only != null ? only : choose(x);
    }

    private Location choose(Exchange x) {
        boolean held = false;
        int method = 1 << x.request.method;
        for (Variant variant : variants) {
            if (Condition.allHold(variant.conditions, x)) {
                if ((variant.methods & method) != 0) {
                    return variant.location;
                }
                held = true;
            }
        }
        return held ? refusal : null;
    }
}
