package dev.sluice.worker.http2;

import java.nio.ByteBuffer;

/**
 * The Huffman code of header strings (RFC 7541 §5.2, appendix B). The code is canonical, so its
 * lengths say everything. Strings are read four bits at a time by a machine whose states are the
 * inner nodes of the tree; no code is shorter than five bits, so a step ends one symbol at most.
 *
 * <pre>
 *   step[state × 16 + nibble]:  | next state:16 | - | FAIL:1 | EMIT:1 | symbol:8 |
 * </pre>
 *
 * <p>Written at boot, then read-only.
 */
final class Huffman {

    /** {@link #decode}: no such code, or padding that is none. */
    static final int BAD = -1;
    /** {@link #decode}: it does not fit. */
    static final int TOO_LONG = -2;

    private static final int EMIT = 1 << 8;
    private static final int FAIL = 1 << 9;
    private static final int STATES = 256;
    private static final int CODE_BITS_MAX = 30;

    /** Lengths of the codes of the bytes 0 to 255, each as a letter: A is one bit. */
    private static final String LENGTHS =
            "MW\\\\\\\\\\\\\\X^\\\\^\\\\\\\\\\\\\\\\^\\\\\\\\\\\\\\\\\\"
            + "FJJLMFHKJJHKHFFFEEEFFFFFFFGHOFLJ"
            + "MFGGGGGGGGGGGGGGGGGGGGGGHGHMSMNF"
            + "OEFEFEFFFEGGFFFEFGFEEFGGGGGOKNM\\"
            + "TVTTVVVWVWWWWWXWXXVWXWWWWUVWVWWX"
            + "VUTVVWWUWVVXUVWWUUVUWVWWTVVVWVVW"
            + "ZZTSVWVYZZZ[[ZXYSUZ[[Z[XUUZZ\\[[["
            + "TXTUVUUWVVYYXXZWZ[ZZ[[[[[\\[[[[[Z";

    private static final int[] STEPS = new int[STATES * 16];
    /** Whether a string may end in the state: less than eight bits, all of them ones. */
    private static final boolean[] MAY_END = new boolean[STATES];

    static {
        build();
    }

    private Huffman() {}

    /** Length of a byte's code in bits. */
    static int bits(int symbol) {
        return symbol == 256 ? CODE_BITS_MAX : LENGTHS.charAt(symbol) - 'A' + 1;
    }

    private static void build() {
        // Children of the inner nodes; below zero a leaf: the complement of its symbol.
        int[] children = new int[STATES * 2];
        int nodes = 1;
        int code = 0;
        for (int bits = 1; bits <= CODE_BITS_MAX; bits++) {
            code <<= 1;
            for (int symbol = 0; symbol <= 256; symbol++) {
                if (bits(symbol) == bits) {
                    nodes = insert(children, nodes, code++, bits, symbol);
                }
            }
        }
        assert nodes == STATES && code == 1 << CODE_BITS_MAX : nodes + " " + code;
        for (int state = 0; state < STATES; state++) {
            for (int nibble = 0; nibble < 16; nibble++) {
                STEPS[state * 16 + nibble] = step(children, state, nibble);
            }
        }
        int state = 0;
        for (int ones = 0; ones < 8; ones++) {
            MAY_END[state] = true;
            state = children[state * 2 + 1];
        }
    }

    /** @return how many inner nodes there are then */
    private static int insert(int[] children, int nodes, int code, int bits, int symbol) {
        int node = 0;
        for (int bit = bits - 1; bit > 0; bit--) {
            int at = node * 2 + (code >>> bit & 1);
            if (children[at] == 0) {
                children[at] = nodes++;
            }
            node = children[at];
        }
        children[node * 2 + (code & 1)] = ~symbol;
        return nodes;
    }

    private static int step(int[] children, int state, int nibble) {
        int node = state;
        int emitted = 0;
        for (int bit = 3; bit >= 0; bit--) {
            int child = children[node * 2 + (nibble >>> bit & 1)];
            if (child >= 0) {
                node = child;
            } else if (~child == 256) {
                return FAIL;
            } else {
                emitted = EMIT | ~child;
                node = 0;
            }
        }
        return node << 16 | emitted;
    }

    /**
     * Decodes {@code [from, to)} to {@code out}.
     *
     * @return where the decoded string ends, BAD or TOO_LONG
     */
    static int decode(ByteBuffer b, int from, int to, ByteBuffer out, int at, int limit) {
        int state = 0;
        for (int i = from; i < to; i++) {
            int c = b.get(i);
            int high = STEPS[state * 16 + (c >>> 4 & 15)];
            int low = STEPS[(high >>> 16) * 16 + (c & 15)];
            if (((high | low) & FAIL) != 0) {
                return BAD;
            }
            if (limit - at < 2) {
                return TOO_LONG;
            }
            if ((high & EMIT) != 0) {
                out.put(at++, (byte) high);
            }
            if ((low & EMIT) != 0) {
                out.put(at++, (byte) low);
            }
            state = low >>> 16;
        }
        return MAY_END[state] ? at : BAD;
    }
}
