package dev.sluice.worker.route;

import dev.sluice.common.config.LocationConfig.Match;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.Location;
import java.nio.ByteBuffer;

/**
 * Exact paths, templates and prefixes in a radix tree of bytes. Looking a path up reads each of its
 * bytes at most twice, however many patterns there are; only where a literal segment and a
 * parameter compete for one place are both tried.
 *
 * <p>From the left, at each place literal text goes before a parameter, which goes before a rest.
 * So an exact path goes before a template, and a prefix goes before a template exactly when it is
 * longer than the text in front of the template's first parameter.
 *
 * <pre>
 *   node n:  label = labels[labelAt[n], labelAt[n] + labelLength[n])     what leads to the node
 *            whole[n]          pattern of an exact path or a template that ends here, or -1
 *            prefix[n]         pattern of a prefix that ends here, or -1
 *            rest[n]           pattern whose rest begins here, or -1
 *            parameter[n]      node behind a parameter that begins here, or -1
 *            its other children are the nodes firstChild[n] ... + childCount[n] - 1,
 *            ascending by first byte, which is also in firstBytes
 * </pre>
 *
 * <p>Built by {@link PathTrieBuilder}, then read-only; what a lookup remembers belongs to the
 * event loop.
 */
final class PathTrie {

    private final Variants[] patterns;
    private final Match[] matches;
    /** Whether a pattern is a prefix whose path without its last slash is redirected. */
    private final boolean[] slashed;
    /** The next shorter prefix of a prefix, or -1; and its length. */
    private final int[] outerPrefix;
    private final int[] patternLength;
    private final byte[] labels;
    private final byte[] firstBytes;
    private final int[] labelAt;
    private final int[] labelLength;
    private final int[] firstChild;
    private final int[] childCount;
    private final int[] whole;
    private final int[] prefix;
    private final int[] rest;
    private final int[] parameter;

    /** Nodes on the way where a parameter or a rest begins and has not been tried yet. */
    private final int[] forkNode;
    private final int[] forkAt;
    private final int[] forkParameters;
    private final boolean[] forkTried;
    private int forkCount;
    /** Begin and end of the parameters passed. */
    private final int[] ranges;
    private Exchange exchange;
    private int start;
    private int foundPrefix;
    private Location chosenPrefix;
    private boolean decided;
    /** Bytes compared by all lookups. Counted by assertions only, for tests. */
    private long comparisons;

    PathTrie(PathTrieBuilder b) {
        patterns = b.patterns;
        matches = b.matches;
        slashed = b.slashed;
        outerPrefix = b.outerPrefix;
        patternLength = b.patternLength;
        labels = b.labels.toByteArray();
        firstBytes = b.firstBytes;
        labelAt = b.labelAt;
        labelLength = b.labelLength;
        firstChild = b.firstChild;
        childCount = b.childCount;
        whole = b.whole;
        prefix = b.prefix;
        rest = b.rest;
        parameter = b.parameter;
        forkNode = new int[b.forksMax];
        forkAt = new int[b.forksMax];
        forkParameters = new int[b.forksMax];
        forkTried = new boolean[b.forksMax];
        ranges = new int[2 * b.parametersMax];
    }

    /**
     * Whether the last location found is the answer: its pattern is a whole path or a prefix marked
     * {@code ^~}. If not, regular expressions go before it.
     */
    boolean decided() {
        return decided;
    }

    /** The location of the exchange's path; null if there is none. */
    Location find(Exchange x) {
        exchange = x;
        start = x.pathOffset;
        foundPrefix = -1;
        chosenPrefix = null;
        decided = true;
        forkCount = 0;
        Location found = walk(x.pathBuffer, x.pathOffset, x.pathOffset + x.pathLength);
        if (found != null) {
            return found;
        }
        longerPrefix(start - 1);
        decided = foundPrefix >= 0 && matches[foundPrefix] == Match.PREFIX_STRONG;
        return chosenPrefix;
    }

    private Location walk(ByteBuffer path, int at, int end) {
        int node = 0;
        int parameters = 0;
        while (true) {
            int next = node;
            while (next >= 0) {
                node = next;
                if (parameters == 0 && prefix[node] >= 0) {
                    foundPrefix = prefix[node];
                    chosenPrefix = null;
                }
                if (parameter[node] >= 0 || rest[node] >= 0) {
                    fork(node, at, parameters);
                }
                if (at == end) {
                    Location found = pick(whole[node], parameters);
                    if (found != null) {
                        return found;
                    }
                    break;
                }
                next = child(node, path, at, end);
                at += next < 0 ? 0 : labelLength[next];
            }
            if (parameters == 0) {
                Location found = withoutSlash(node, path, at, end);
                if (found != null) {
                    return found;
                }
            }
            int begun = -1;
            while (begun < 0) {
                if (forkCount == 0) {
                    return null;
                }
                int top = forkCount - 1;
                at = forkAt[top];
                parameters = forkParameters[top];
                if (parameters == 0 && longerPrefix(at)) {
                    return null;
                }
                if (forkTried[top]) {
                    forkCount--;
                    Location found = ofRest(rest[forkNode[top]], at, end, parameters);
                    if (found != null) {
                        return found;
                    }
                } else {
                    forkTried[top] = true;
                    int segmentEnd = segmentEnd(path, at, end);
                    if (parameter[forkNode[top]] >= 0 && segmentEnd > at) {
                        begun = parameter[forkNode[top]];
                        pass(parameters++, at, segmentEnd);
                        at = segmentEnd;
                    }
                }
            }
            node = begun;
        }
    }

    private void fork(int node, int at, int parameters) {
        forkNode[forkCount] = node;
        forkAt[forkCount] = at;
        forkParameters[forkCount] = parameters;
        forkTried[forkCount++] = false;
    }

    private void pass(int index, int from, int to) {
        ranges[2 * index] = from;
        ranges[2 * index + 1] = to;
    }

    private Location ofRest(int pattern, int at, int end, int parameters) {
        if (pattern >= 0) {
            pass(parameters, at, end);
        }
        return pick(pattern, parameters + 1);
    }

    /** The location of a whole path, which the exchange gets the parameters of. */
    private Location pick(int pattern, int parameters) {
        Location found = pattern < 0 ? null : patterns[pattern].pick(exchange);
        if (found != null && parameters > 0) {
            exchange.keepParameters(found, ranges);
        }
        return found;
    }

    /**
     * Whether a prefix that ends behind this place has a location for the exchange. The longest
     * that has one is kept.
     */
    private boolean longerPrefix(int at) {
        while (foundPrefix >= 0 && start + patternLength[foundPrefix] > at) {
            if (chosenPrefix == null) {
                chosenPrefix = patterns[foundPrefix].pick(exchange);
            }
            if (chosenPrefix != null) {
                return true;
            }
            foundPrefix = outerPrefix[foundPrefix];
        }
        return false;
    }

    private boolean counted() {
        comparisons++;
        return true;
    }

    /** Bytes compared since boot, 0 where assertions are off. */
    long comparisons() {
        return comparisons;
    }

    private static int segmentEnd(ByteBuffer path, int at, int end) {
        while (at < end && path.get(at) != '/') {
            at++;
        }
        return at;
    }

    /**
     * The redirect to a path that has one slash more than this one, which ends at the node or in
     * the label behind it. Null when there is none, or the path is a pattern itself.
     */
    private Location withoutSlash(int node, ByteBuffer path, int at, int end) {
        if (at == end && (whole[node] >= 0 || prefix[node] >= 0)) {
            return null;
        }
        int child = child(node, at == end ? (byte) '/' : path.get(at));
        if (child < 0 || labelLength[child] != end - at + 1 || prefix[child] < 0
                || !slashed[prefix[child]] || !labelBegins(child, path, at, end - at)) {
            return null;
        }
        return patterns[prefix[child]].pickSlash(exchange);
    }

    /** The child whose whole label comes next in the path, or -1. */
    private int child(int node, ByteBuffer path, int at, int end) {
        int child = child(node, path.get(at));
        return child >= 0 && labelLength[child] <= end - at
                && labelBegins(child, path, at, labelLength[child]) ? child : -1;
    }

    /** Compares so many bytes but the first, by which the node was found. */
    private boolean labelBegins(int node, ByteBuffer path, int at, int length) {
        int from = labelAt[node];
        for (int i = 1; i < length; i++) {
            assert counted();
            if (labels[from + i] != path.get(at + i)) {
                return false;
            }
        }
        return true;
    }

    /** The child whose label begins with this byte, or -1: at most eight comparisons. */
    private int child(int node, byte first) {
        int low = firstChild[node];
        int high = low + childCount[node] - 1;
        int wanted = first & 0xff;
        while (low <= high) {
            assert counted();
            int middle = low + high >>> 1;
            int byteHere = firstBytes[middle] & 0xff;
            if (byteHere == wanted) {
                return middle;
            }
            if (byteHere < wanted) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1;
    }
}
