package dev.sluice.modules.credentials;

import dev.sluice.module.Verdict;

/**
 * What came of a comparison.
 *
 * @param value what good credentials stand for; null when they are not good
 * @param validMs how long that counts without another comparison
 * @param refusal what is answered when they are not good
 * @param line for the error log, null for none
 * @param error whether the line is about a fault of the server
 */
public record Finding<T>(T value, long validMs, Verdict refusal, String line, boolean error) {

    public static <T> Finding<T> good(T value, long validMs) {
        return new Finding<>(value, validMs, null, null, false);
    }

    public static <T> Finding<T> refused(Verdict refusal, String line) {
        return new Finding<>(null, 0, refusal, line, false);
    }

    /** Nobody can say whether they are good: 500. */
    public static <T> Finding<T> failed(String line) {
        return new Finding<>(null, 0, Verdict.respond(500), line, true);
    }
}
