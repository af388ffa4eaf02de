package dev.sluice.common.config;

/** So many requests in so much time: {@code 100r/s}. Immutable. */
public record LimitRate(int count, long periodMs) {

    /** {@code 100r/s}. */
    @Override
    public String toString() {
        String unit = periodMs == 1_000 ? "s" : periodMs == 60_000 ? "m" : "h";
        return count + "r/" + unit;
    }
}
