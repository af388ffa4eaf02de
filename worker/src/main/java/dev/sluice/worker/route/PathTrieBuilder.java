package dev.sluice.worker.route;

import dev.sluice.common.config.LocationConfig.Match;
import dev.sluice.common.config.PathTemplate;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;

/**
 * Fills the arrays of a {@link PathTrie}. A key is the text of a pattern with one byte in the place
 * of each parameter; both bytes are control characters, which the configuration refuses in a
 * pattern, and sort before all others. Used at boot.
 */
final class PathTrieBuilder {

    private static final byte PARAMETER = 0;
    private static final byte REST = 1;

    /** One pattern; index is its place in the list of patterns. */
    private record Key(byte[] bytes, Match match, int index) {}

    /**
     * A node to be filled: the keys [from, to) share their first {@code depth} bytes. Counted with
     * it are the forks and parameters on the way to it, and the longest prefix of it.
     */
    private record Open(int node, int from, int to, int depth, int forks, int outer) {}

    final Variants[] patterns;
    final Match[] matches;
    final boolean[] slashed;
    final int[] outerPrefix;
    final int[] patternLength;
    final ByteArrayOutputStream labels = new ByteArrayOutputStream();
    final byte[] firstBytes;
    final int[] labelAt;
    final int[] labelLength;
    final int[] firstChild;
    final int[] childCount;
    final int[] whole;
    final int[] prefix;
    final int[] rest;
    final int[] parameter;
    int forksMax;
    int parametersMax;
    private final Key[] keys;
    private int parameterCount;
    private int nodeCount = 1;

    /** Takes the patterns that are no regular expressions, each of them once. */
    PathTrieBuilder(List<LocationTable.Pattern> all) {
        int count = all.size();
        patterns = new Variants[count];
        matches = new Match[count];
        slashed = new boolean[count];
        outerPrefix = none(count);
        patternLength = new int[count];
        List<Key> sorted = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            LocationTable.Pattern one = all.get(i);
            patterns[i] = one.variants();
            matches[i] = one.match();
            slashed[i] = patterns[i].addsSlash();
            byte[] bytes = one.template() != null ? template(one.template())
                    : one.text().getBytes(StandardCharsets.UTF_8);
            patternLength[i] = bytes.length;
            sorted.add(new Key(bytes, one.match(), i));
        }
        sorted.sort((a, b) -> Arrays.compareUnsigned(a.bytes(), b.bytes()));
        keys = sorted.toArray(Key[]::new);
        // A key adds a leaf and a fork at most, and for each parameter two more.
        int nodesMax = (count + parameterCount) * 2 + 1;
        firstBytes = new byte[nodesMax];
        labelAt = new int[nodesMax];
        labelLength = new int[nodesMax];
        firstChild = new int[nodesMax];
        childCount = new int[nodesMax];
        whole = none(nodesMax);
        prefix = none(nodesMax);
        rest = none(nodesMax);
        parameter = none(nodesMax);
        build();
    }

    private static int[] none(int count) {
        int[] all = new int[count];
        Arrays.fill(all, -1);
        return all;
    }

    private byte[] template(PathTemplate template) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (PathTemplate.Part part : template.parts()) {
            if (part.literal() != null) {
                bytes.writeBytes(part.literal().getBytes(StandardCharsets.UTF_8));
            } else {
                bytes.write(part.rest() ? REST : PARAMETER);
            }
        }
        int parameters = template.parameters().size();
        parametersMax = Math.max(parametersMax, parameters);
        parameterCount += parameters;
        return bytes.toByteArray();
    }

    /** Breadth first, so that the children of a node stand side by side. */
    private void build() {
        Queue<Open> open = new ArrayDeque<>();
        open.add(new Open(0, 0, keys.length, 0, 0, -1));
        while (!open.isEmpty()) {
            Open node = open.remove();
            int from = endHere(node);
            int outer = prefix[node.node] >= 0 ? prefix[node.node] : node.outer;
            from = marks(node, from, outer, open);
            int forks = node.forks + (isFork(node.node) ? 1 : 0);
            forksMax = Math.max(forksMax, forks);
            firstChild[node.node] = nodeCount;
            while (from < node.to) {
                byte[] first = keys[from].bytes;
                int to = endOfByte(from, node);
                int depth = commonDepth(first, keys[to - 1].bytes, node.depth);
                firstBytes[nodeCount] = first[node.depth];
                labelAt[nodeCount] = labels.size();
                labelLength[nodeCount] = depth - node.depth;
                labels.write(first, node.depth, depth - node.depth);
                open.add(new Open(nodeCount++, from, to, depth, forks, outer));
                from = to;
            }
            childCount[node.node] = nodeCount - firstChild[node.node];
        }
    }

    /** Notes the keys that end at this node. @return the first that goes on */
    private int endHere(Open node) {
        int at = node.from;
        while (at < node.to && keys[at].bytes.length == node.depth) {
            boolean isPrefix = keys[at].match == Match.PREFIX
                    || keys[at].match == Match.PREFIX_STRONG;
            if (isPrefix && prefix[node.node] < 0) {
                prefix[node.node] = keys[at].index;
                outerPrefix[keys[at].index] = node.outer;
            } else if (!isPrefix && whole[node.node] < 0) {
                whole[node.node] = keys[at].index;
            }
            at++;
        }
        return at;
    }

    /** Parameters and rests that begin at this node. @return the first key without one */
    private int marks(Open node, int from, int outer, Queue<Open> open) {
        if (from < node.to && keys[from].bytes[node.depth] == PARAMETER) {
            int to = endOfByte(from, node);
            parameter[node.node] = nodeCount;
            open.add(new Open(nodeCount++, from, to, node.depth + 1, node.forks + 1, outer));
            from = to;
        }
        if (from < node.to && keys[from].bytes[node.depth] == REST) {
            rest[node.node] = keys[from].index;
            from = endOfByte(from, node);
        }
        return from;
    }

    private boolean isFork(int node) {
        return parameter[node] >= 0 || rest[node] >= 0;
    }

    /** Behind the last key that goes on from the node with the byte that this one has. */
    private int endOfByte(int from, Open node) {
        byte wanted = keys[from].bytes[node.depth];
        int to = from + 1;
        while (to < node.to && keys[to].bytes[node.depth] == wanted) {
            to++;
        }
        return to;
    }

    /** How far both agree, but no further than to a parameter. */
    private static int commonDepth(byte[] first, byte[] last, int from) {
        int at = from;
        int end = Math.min(first.length, last.length);
        while (at < end && first[at] == last[at] && first[at] != PARAMETER && first[at] != REST) {
            at++;
        }
        return at;
    }
}
