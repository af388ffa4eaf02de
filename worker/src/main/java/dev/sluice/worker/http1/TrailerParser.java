package dev.sluice.worker.http1;

import dev.sluice.worker.http.AsciiBytes;
import dev.sluice.worker.http.HeaderName;
import dev.sluice.worker.http.HeaderTable;
import dev.sluice.worker.http.ParseError;
import java.nio.ByteBuffer;

/**
 * The trailer section of a chunked body, byte by byte, by the rules of the header block. A trailer
 * that is kept, by {@link TrailerRule}, is copied to a store.
 *
 * <p>Owner: event loop (or one test thread).
 */
final class TrailerParser {

    private enum Stage { LINE_START, NAME, VALUE, VALUE_LF, END_LF, DONE }

    private final int bytesMax;
    private final int fieldsMax;
    private final int nameBytesMax;
    private final boolean underscores;

    private Stage stage;
    private ParseError error;
    private int bytes;
    private int fields;
    private int nameLength;
    private int nameClasses;
    /** Null when trailers are dropped. */
    private HeaderTable table;
    private ByteBuffer store;
    private int storeLimit;
    private int storePosition;
    private int lineStart;

    TrailerParser(ParseLimits limits) {
        bytesMax = limits.trailerBytesMax();
        fieldsMax = limits.headersMax();
        nameBytesMax = limits.headerNameBytesMax();
        underscores = limits.underscoresInNames();
        reset();
    }

    void reset() {
        stage = Stage.LINE_START;
        error = null;
        bytes = 0;
        fields = 0;
        table = null;
        store = null;
    }

    void keep(HeaderTable into, ByteBuffer bytesInto, int from, int limit) {
        assert from <= limit && limit <= bytesInto.capacity();
        into.reset(bytesInto);
        table = into;
        store = bytesInto;
        storePosition = from;
        storeLimit = limit;
    }

    boolean done() {
        return stage == Stage.DONE;
    }

    ParseError error() {
        return error;
    }

    /** @return false when the byte does not fit or a limit is reached */
    boolean accept(byte c) {
        if (++bytes > bytesMax) {
            return fail(ParseError.TRAILERS_TOO_LARGE);
        }
        return switch (stage) {
            case LINE_START -> c == ByteScan.CR ? become(Stage.END_LF) : startName(c);
            case NAME -> c == ':' ? keepByte(c) && become(Stage.VALUE) : name(c);
            case VALUE -> value(c);
            case VALUE_LF -> c == ByteScan.LF ? endField() : fail(ParseError.BARE_CR);
            case END_LF -> c == ByteScan.LF ? become(Stage.DONE) : fail(ParseError.BARE_CR);
            case DONE -> throw new AssertionError("byte after the end of the trailers");
        };
    }

    private boolean become(Stage next) {
        stage = next;
        return true;
    }

    private boolean startName(byte c) {
        if (c == ' ' || c == '\t') {
            return fail(ParseError.OBSOLETE_FOLDING);
        }
        if (c == ':') {
            return fail(ParseError.EMPTY_HEADER_NAME);
        }
        if (fields == fieldsMax) {
            return fail(ParseError.TOO_MANY_HEADERS);
        }
        stage = Stage.NAME;
        nameLength = 0;
        nameClasses = 0;
        lineStart = storePosition;
        return name(c);
    }

    private boolean name(byte c) {
        int tokenClass = ByteScan.TOKENS[c & 0xff];
        if (tokenClass == ByteScan.NO_TOKEN) {
            return fail(switch (c) {
                case ' ', '\t' -> ParseError.SPACE_BEFORE_COLON;
                case '\r' -> ParseError.HEADER_WITHOUT_COLON;
                case '\n' -> ParseError.BARE_LF;
                default -> ParseError.BAD_HEADER_NAME;
            });
        }
        if (nameLength == nameBytesMax) {
            return fail(ParseError.HEADER_NAME_TOO_LONG);
        }
        nameLength++;
        nameClasses |= tokenClass;
        return keepByte(c);
    }

    private boolean value(byte c) {
        if (c == ByteScan.CR) {
            return become(Stage.VALUE_LF);
        }
        if (c != ByteScan.HTAB && ByteScan.isControl(c)) {
            return fail(c == ByteScan.LF ? ParseError.BARE_LF : ParseError.BAD_HEADER_VALUE);
        }
        return keepByte(c);
    }

    private boolean keepByte(byte c) {
        if (table == null) {
            return true;
        }
        if (storePosition == storeLimit) {
            return fail(ParseError.TRAILERS_TOO_LARGE);
        }
        store.put(storePosition++, c);
        return true;
    }

    private boolean endField() {
        fields++;
        stage = Stage.LINE_START;
        if (table == null) {
            return true;
        }
        int id = HeaderName.idOf(store, lineStart, nameLength);
        if (!TrailerRule.mayTravel(id, store, lineStart, nameLength)
                || nameClasses == ByteScan.TOKEN_UNDERSCORE && !underscores) {
            storePosition = lineStart;
            return true;
        }
        int first = AsciiBytes.skipSpace(store, lineStart + nameLength + 1, storePosition);
        int last = AsciiBytes.trimSpace(store, first, storePosition);
        return table.add(lineStart, nameLength, first, last - first, id)
                || fail(ParseError.TOO_MANY_HEADERS);
    }

    private boolean fail(ParseError why) {
        error = why;
        return false;
    }
}
