package dev.sluice.common.config;

/** The only parser of times: {@code 500ms}, {@code 75s}, {@code 1h30m}; a bare number: seconds. */
public final class Millis {

    /** What {@link #parse} gives for a text that is no time. */
    public static final long INVALID = -1;

    private static final String[] UNITS = {"d", "h", "m", "s", "ms"};
    private static final long[] MILLIS = {86_400_000, 3_600_000, 60_000, 1_000, 1};

    private Millis() {
    }

    /** Units must descend, each at most once, as in {@code 1d12h}. */
    public static long parse(String text) {
        long total = 0;
        int i = 0;
        int unitNext = 0;
        if (text.isEmpty()) {
            return INVALID;
        }
        while (i < text.length()) {
            int digitsEnd = i;
            while (digitsEnd < text.length() && isDigit(text.charAt(digitsEnd))) {
                digitsEnd++;
            }
            int unitEnd = digitsEnd;
            while (unitEnd < text.length() && !isDigit(text.charAt(unitEnd))) {
                unitEnd++;
            }
            // 10 digits of days stay far below the range of a long.
            if (digitsEnd == i || digitsEnd - i > 10) {
                return INVALID;
            }
            int unit = unitOf(text.substring(digitsEnd, unitEnd), i == 0, unitNext);
            if (unit < 0) {
                return INVALID;
            }
            total += Long.parseLong(text.substring(i, digitsEnd)) * MILLIS[unit];
            unitNext = unit + 1;
            i = unitEnd;
        }
        return total;
    }

    /** The shortest text of one unit that {@link #parse} reads back. */
    public static String format(long millis) {
        if (millis == 0) {
            return "0";
        }
        for (int unit = 0; unit < UNITS.length; unit++) {
            if (millis % MILLIS[unit] == 0) {
                return millis / MILLIS[unit] + UNITS[unit];
            }
        }
        throw new IllegalStateException("every number is a multiple of 1 ms");
    }

    private static int unitOf(String name, boolean first, int from) {
        if (name.isEmpty()) {
            return first ? 3 : -1;
        }
        for (int unit = from; unit < UNITS.length; unit++) {
            if (UNITS[unit].equals(name)) {
                return unit;
            }
        }
        return -1;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
