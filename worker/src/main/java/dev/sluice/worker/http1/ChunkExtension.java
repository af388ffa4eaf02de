package dev.sluice.worker.http1;

/**
 * Checks chunk extensions byte by byte (RFC 9112 §7.1.1): {@code ;name}, {@code ;name=token} or
 * {@code ;name="quoted"}. White space around the signs, which the grammar calls bad and asks
 * recipients to put up with, is refused: nobody sends it but those who look for a parser that
 * reads on. A CR or LF inside of quotes is refused like any control.
 *
 * <p>Owner: event loop (or one test thread).
 */
final class ChunkExtension {

    private enum Stage { NAME_START, NAME, VALUE_START, TOKEN, QUOTED, ESCAPED, QUOTE_CLOSED }

    private Stage stage = Stage.NAME_START;

    /** Behind the semicolon. */
    void start() {
        stage = Stage.NAME_START;
    }

    /** Whether the extension is complete, so that CR may follow. */
    boolean mayEnd() {
        return stage == Stage.NAME || stage == Stage.TOKEN || stage == Stage.QUOTE_CLOSED;
    }

    /** @return false when the byte does not fit */
    boolean accept(byte c) {
        Stage next = switch (stage) {
            case NAME_START -> ByteScan.isToken(c) ? Stage.NAME : null;
            case NAME -> ByteScan.isToken(c) ? Stage.NAME : c == '=' ? Stage.VALUE_START : next(c);
            case VALUE_START ->
                    ByteScan.isToken(c) ? Stage.TOKEN : c == '"' ? Stage.QUOTED : null;
            case TOKEN -> ByteScan.isToken(c) ? Stage.TOKEN : next(c);
            case QUOTED -> quoted(c);
            case ESCAPED -> isText(c) ? Stage.QUOTED : null;
            case QUOTE_CLOSED -> next(c);
        };
        if (next != null) {
            stage = next;
        }
        return next != null;
    }

    private static Stage next(byte c) {
        return c == ';' ? Stage.NAME_START : null;
    }

    private static Stage quoted(byte c) {
        return switch (c) {
            case '"' -> Stage.QUOTE_CLOSED;
            case '\\' -> Stage.ESCAPED;
            default -> isText(c) ? Stage.QUOTED : null;
        };
    }

    private static boolean isText(byte c) {
        return c == ByteScan.HTAB || !ByteScan.isControl(c);
    }
}
