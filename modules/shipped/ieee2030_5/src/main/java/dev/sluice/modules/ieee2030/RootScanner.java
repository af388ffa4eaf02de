package dev.sluice.modules.ieee2030;

import java.nio.ByteBuffer;

/**
 * Finds the local name of the root element at the beginning of an XML document (XML 1.0 §2.8,
 * Namespaces in XML §4), given in pieces of any size. No parser: what stands before the root is
 * skipped, and nothing behind its name is looked at.
 *
 * <pre>
 *  START ──BOM──► PROLOG ◄──────────────────────────┐
 *    └──────────►  │ <                              │ ?> or -->
 *                  ▼                                │
 *                MARKUP ── ? ──► INSTRUCTION ───────┤
 *                  │ └──── !-- ► COMMENT ───────────┘
 *                  │ a letter or _
 *                  ▼
 *                NAME ── white space, / or > ──► found      a colon begins it anew
 * </pre>
 *
 * <p>Anything else is no document of IEEE 2030.5 and has no root: UTF-16 and UTF-32, a document
 * type, text before the root, names outside of ASCII, names and prologs that are too long.
 *
 * <p>Owner: event loop. Reused by {@link #reset}.
 */
final class RootScanner {

    /** How it stands. */
    enum Result {
        /** More bytes may tell. */
        NEED_MORE,
        /** {@link #name} holds it. */
        FOUND,
        /** There is none, whatever follows. */
        NONE
    }

    /** Bytes that are looked at: a declaration, comments, and a name. */
    static final int PROLOG_MAX = 4096;
    /** The longest name of IEEE 2030.5-2018 has 34 letters. */
    static final int NAME_MAX = 64;

    private static final int START = 0;
    private static final int BOM = 1;
    private static final int PROLOG = 2;
    private static final int MARKUP = 3;
    private static final int INSTRUCTION = 4;
    private static final int INSTRUCTION_END = 5;
    private static final int COMMENT_BEGIN = 6;
    private static final int COMMENT = 7;
    private static final int COMMENT_END = 8;
    private static final int NAME = 9;
    private static final int DONE = 10;

    private static final int BOM_1 = 0xef;
    private static final int BOM_2 = 0xbb;
    private static final int BOM_3 = 0xbf;

    /** Of ASCII: 1 may begin a name, 2 may go on with it, 3 both. */
    private static final byte[] NAME_BYTES = nameBytes();

    private final byte[] name = new byte[NAME_MAX];
    private int nameLength;
    private boolean prefixed;
    private int state;
    /** How far within what the state looks for: the BOM, or the dashes of a comment. */
    private int progress;
    private int seen;
    private Result result = Result.NEED_MORE;

    private static byte[] nameBytes() {
        byte[] bytes = new byte[128];
        for (int c = 'a'; c <= 'z'; c++) {
            bytes[c] = 3;
            bytes[c - 'a' + 'A'] = 3;
        }
        for (int c = '0'; c <= '9'; c++) {
            bytes[c] = 2;
        }
        bytes['_'] = 3;
        bytes['-'] = 2;
        bytes['.'] = 2;
        return bytes;
    }

    void reset() {
        nameLength = 0;
        prefixed = false;
        state = START;
        progress = 0;
        seen = 0;
        result = Result.NEED_MORE;
    }

    /** Looks at the next bytes; lent until return. After a decision nothing changes any more. */
    Result scan(ByteBuffer bytes, int from, int to) {
        for (int i = from; i < to && result == Result.NEED_MORE; i++) {
            if (seen++ == PROLOG_MAX) {
                return none();
            }
            step(bytes.get(i) & 0xff);
        }
        return result;
    }

    /** The document ends here. */
    Result end() {
        return result == Result.NEED_MORE ? none() : result;
    }

    Result result() {
        return result;
    }

    /** Its bytes; {@link #nameLength} of them count. */
    byte[] name() {
        return name;
    }

    int nameLength() {
        return nameLength;
    }

    private Result none() {
        nameLength = 0;
        state = DONE;
        result = Result.NONE;
        return result;
    }

    private void step(int b) {
        switch (state) {
            case START -> {
                state = b == BOM_1 ? BOM : PROLOG;
                if (b != BOM_1) {
                    prolog(b);
                }
            }
            case BOM -> bom(b);
            case PROLOG -> prolog(b);
            case MARKUP -> markup(b);
            case INSTRUCTION -> state = b == '?' ? INSTRUCTION_END : INSTRUCTION;
            case INSTRUCTION_END -> {
                if (b != '?') {
                    state = b == '>' ? PROLOG : INSTRUCTION;
                }
            }
            case COMMENT_BEGIN -> commentBegin(b);
            case COMMENT -> comment(b);
            case COMMENT_END -> {
                // Two dashes stand at the end of a comment only (XML 1.0 §2.5).
                if (b == '>') {
                    state = PROLOG;
                } else {
                    none();
                }
            }
            default -> name(b);
        }
    }

    private void bom(int b) {
        if (b != (progress == 0 ? BOM_2 : BOM_3)) {
            none();
        } else if (progress++ == 1) {
            state = PROLOG;
        }
    }

    private static boolean isSpace(int b) {
        return b == ' ' || b == '\t' || b == '\n' || b == '\r';
    }

    private void prolog(int b) {
        if (b == '<') {
            state = MARKUP;
        } else if (!isSpace(b)) {
            none();
        }
    }

    private void markup(int b) {
        if (b == '?') {
            state = INSTRUCTION;
        } else if (b == '!') {
            state = COMMENT_BEGIN;
            progress = 0;
        } else {
            state = NAME;
            name(b);
        }
    }

    private void commentBegin(int b) {
        if (b != '-') {
            none();
        } else if (progress++ == 1) {
            state = COMMENT;
            progress = 0;
        }
    }

    private void comment(int b) {
        progress = b == '-' ? progress + 1 : 0;
        if (progress == 2) {
            state = COMMENT_END;
        }
    }

    private void name(int b) {
        int kind = b < NAME_BYTES.length ? NAME_BYTES[b] : 0;
        if (nameLength == 0 ? (kind & 1) != 0 : kind != 0) {
            if (nameLength == NAME_MAX) {
                none();
            } else {
                name[nameLength++] = (byte) b;
            }
        } else if (nameLength == 0) {
            none();
        } else if (b == ':' && !prefixed) {
            prefixed = true;
            nameLength = 0;
        } else if (isSpace(b) || b == '/' || b == '>') {
            state = DONE;
            result = Result.FOUND;
        } else {
            none();
        }
    }
}
