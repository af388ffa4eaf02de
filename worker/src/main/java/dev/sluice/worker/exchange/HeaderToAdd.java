package dev.sluice.worker.exchange;

/**
 * One {@code add_header}: written at boot, then read-only.
 *
 * @param name the name as bytes, spelled as configured
 * @param nameId its id in {@code HeaderName}, 0 when it has none
 * @param value an empty result leaves the header out
 * @param always also on answers other than 200, 201, 204, 206, 301, 302, 303, 304, 307 and 308
 */
public record HeaderToAdd(byte[] name, int nameId, ValueTemplate value, boolean always) {

    /** Nothing is added. */
    public static final HeaderToAdd[] NONE = {};

    /** Whether an answer with this status carries the header (nginx's rule for add_header). */
    public boolean appliesTo(int status) {
        return always || isForSuccess(status);
    }

    /** Whether rules without "always" hold for an answer with this status. */
    public static boolean isForSuccess(int status) {
        return switch (status) {
            case 200, 201, 204, 206, 301, 302, 303, 304, 307, 308 -> true;
            default -> false;
        };
    }
}
