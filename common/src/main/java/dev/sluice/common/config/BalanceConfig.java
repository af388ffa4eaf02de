package dev.sluice.common.config;

/**
 * How the next peer of an upstream is chosen. Written at boot, then read-only.
 *
 * @param key a template, for HASH; else null
 * @param boundPercent for HASH: a peer takes no key while it has more than this share of the
 *     requests that would be even, in percent; 0 for no bound
 * @param balancer for MODULE: its name; else null
 */
public record BalanceConfig(Method method, String key, int boundPercent, String balancer) {

    public static final BalanceConfig ROUND_ROBIN = of(Method.ROUND_ROBIN);

    /** The methods by their names in the file. */
    public enum Method { ROUND_ROBIN, LEAST_CONN, RANDOM_TWO, EWMA, IP_HASH, HASH, MODULE }

    public static BalanceConfig of(Method method) {
        return new BalanceConfig(method, null, 0, null);
    }
}
