package dev.sluice.worker.route;

import dev.sluice.common.config.LocationConfig.Match;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;

/**
 * Exact paths and prefixes in a radix tree of bytes. Looking a path up reads each of its bytes at
 * most twice, however many patterns there are.
 *
 * <pre>
 *   node n:  label = labels[labelAt[n], labelAt[n] + labelLength[n])     what leads to the node
 *            exact[n], prefix[n]      entry that ends here, or -1
 *            its children are the nodes firstChild[n] ... + childCount[n] - 1,
 *            ascending by first byte, which is also in firstBytes
 * </pre>
 *
 * <p>Written at boot, then read-only.
 */
final class PathTrie {

    /** One pattern; index is its place in the list of entries. */
    private record Key(byte[] bytes, boolean exact, int index) {}

    /** A node to be filled: the keys [from, to) share their first {@code depth} bytes. */
    private record Open(int node, int from, int to, int depth) {}

    private final byte[] labels;
    private final byte[] firstBytes;
    private final int[] labelAt;
    private final int[] labelLength;
    private final int[] firstChild;
    private final int[] childCount;
    private final int[] exact;
    private final int[] prefix;

    /** Takes the entries that are no regular expressions; of equal patterns the first counts. */
    PathTrie(List<LocationTable.Entry> entries) {
        Key[] keys = sortedKeys(entries);
        int nodesMax = keys.length * 2 + 1;
        firstBytes = new byte[nodesMax];
        labelAt = new int[nodesMax];
        labelLength = new int[nodesMax];
        firstChild = new int[nodesMax];
        childCount = new int[nodesMax];
        exact = new int[nodesMax];
        prefix = new int[nodesMax];
        Arrays.fill(exact, -1);
        Arrays.fill(prefix, -1);
        labels = build(keys);
    }

    private static Key[] sortedKeys(List<LocationTable.Entry> entries) {
        List<Key> keys = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            LocationTable.Entry entry = entries.get(i);
            if (!entry.match().isRegex()) {
                byte[] bytes = entry.pattern().getBytes(StandardCharsets.UTF_8);
                keys.add(new Key(bytes, entry.match() == Match.EXACT, i));
            }
        }
        keys.sort(Comparator.comparing(Key::bytes, Arrays::compareUnsigned));
        return keys.toArray(Key[]::new);
    }

    /** Breadth first, so that the children of a node stand side by side. @return the labels */
    private byte[] build(Key[] keys) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        Queue<Open> open = new ArrayDeque<>();
        open.add(new Open(0, 0, keys.length, 0));
        int nodeCount = 1;
        while (!open.isEmpty()) {
            Open node = open.remove();
            int from = endHere(node, keys);
            firstChild[node.node] = nodeCount;
            while (from < node.to) {
                byte[] first = keys[from].bytes;
                int to = from + 1;
                while (to < node.to && keys[to].bytes[node.depth] == first[node.depth]) {
                    to++;
                }
                byte[] last = keys[to - 1].bytes;
                int common = Arrays.mismatch(first, last);
                int depth = common < 0 ? first.length : common;
                firstBytes[nodeCount] = first[node.depth];
                labelAt[nodeCount] = text.size();
                labelLength[nodeCount] = depth - node.depth;
                text.write(first, node.depth, depth - node.depth);
                open.add(new Open(nodeCount, from, to, depth));
                nodeCount++;
                from = to;
            }
            childCount[node.node] = nodeCount - firstChild[node.node];
        }
        return text.toByteArray();
    }

    /** Notes the keys that end at this node. @return the first that goes on */
    private int endHere(Open node, Key[] keys) {
        int at = node.from;
        while (at < node.to && keys[at].bytes.length == node.depth) {
            int[] ends = keys[at].exact ? exact : prefix;
            if (ends[node.node] < 0) {
                ends[node.node] = keys[at].index;
            }
            at++;
        }
        return at;
    }

    /** Index of the entry that equals the path, else of its longest prefix, else -1. */
    int find(ByteBuffer path, int at, int end) {
        int best = prefix[0];
        int node = 0;
        while (at < end) {
            node = child(node, path.get(at));
            if (node < 0) {
                return best;
            }
            int length = labelLength[node];
            if (length > end - at || !labelEquals(node, path, at)) {
                return best;
            }
            at += length;
            if (prefix[node] >= 0) {
                best = prefix[node];
            }
        }
        return exact[node] >= 0 ? exact[node] : best;
    }

    private boolean labelEquals(int node, ByteBuffer path, int at) {
        int from = labelAt[node];
        for (int i = 1; i < labelLength[node]; i++) {
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
