package dev.sluice.common.config;

/** The only parser of sizes: {@code 512}, {@code 64k}, {@code 10m}, {@code 1g}, powers of 1024. */
public final class Bytes {

    /** What {@link #parse} gives for a text that is no size. */
    public static final long INVALID = -1;

    private Bytes() {
    }

    public static long parse(String text) {
        int digits = text.length();
        int shift = 0;
        if (digits > 0) {
            shift = switch (text.charAt(digits - 1)) {
                case 'k', 'K' -> 10;
                case 'm', 'M' -> 20;
                case 'g', 'G' -> 30;
                default -> 0;
            };
        }
        if (shift > 0) {
            digits--;
        }
        // More digits could overflow a long before the shift is checked.
        if (digits == 0 || digits > 10) {
            return INVALID;
        }
        for (int i = 0; i < digits; i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return INVALID;
            }
        }
        long count = Long.parseLong(text.substring(0, digits));
        return count > Long.MAX_VALUE >> shift ? INVALID : count << shift;
    }

    /** The shortest text of one unit that {@link #parse} reads back. */
    public static String format(long bytes) {
        if (bytes == 0 || bytes % 1024 != 0) {
            return Long.toString(bytes);
        }
        if (bytes % (1 << 20) != 0) {
            return (bytes >> 10) + "k";
        }
        return bytes % (1 << 30) != 0 ? (bytes >> 20) + "m" : (bytes >> 30) + "g";
    }
}
