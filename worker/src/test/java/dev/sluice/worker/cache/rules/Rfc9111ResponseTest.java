package dev.sluice.worker.cache.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.worker.cache.rules.ResponseFacts.Verdict;
import dev.sluice.worker.http.HttpDate;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Storing and freshness, by the sections of RFC 9111. */
final class Rfc9111ResponseTest {

    private static final long NOW_MS = 1_800_000_000_000L;

    private final ResponseFacts facts = new ResponseFacts();

    private static String date(long fromNowS) {
        byte[] text = new byte[HttpDate.LENGTH];
        HttpDate.format(NOW_MS + fromNowS * 1000, text, 0);
        return new String(text, StandardCharsets.US_ASCII);
    }

    private Verdict judge(int status, String... lines) {
        return judge(status, Policy.PLAIN, false, false, lines);
    }

    private Verdict judge(int status, Policy policy, boolean authorized, boolean cookies,
            String... lines) {
        return facts.judge(Heads.of(lines), status, NOW_MS, 0, policy, authorized, cookies);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "max-age=60                     | 60",
        "max-age=60, s-maxage=10        | 10",
        "MAX-AGE=60                     | 60",
        "max-age=\"60\"                 | 60",
        "max-age=0060                   | 60",
        "max-age=60, max-age=10         | 60",
        "max-age=60a                    | 0",
        "max-age=-60                    | 0",
        "max-age=1.5                    | 0",
        "max-age=                       | 0",
        "max-age=99999999999            | 2147483647",
        "foo=\"max-age=60\", max-age=10 | 10",
        "foo=\"a\\\"max-age=60\", max-age=10 | 10",
        "foo,, ,max-age=10              | 10",
    })
    void section4Point2Point1Lifetime(String value, long seconds) {
        judge(200, "Cache-Control: " + value, "Last-Modified: " + date(-100));
        assertEquals(seconds, facts.lifetimeS());
    }

    @Test
    void section4Point2Point1ExpiresCountsFromDate() {
        judge(200, "Date: " + date(-10), "Expires: " + date(50));
        assertEquals(60, facts.lifetimeS());
        assertEquals(10, facts.ageS());
    }

    @Test
    void section5Point3MaxAgeGoesBeforeExpires() {
        judge(200, "Cache-Control: max-age=5", "Expires: " + date(50));
        assertEquals(5, facts.lifetimeS());
    }

    @Test
    void section5Point3InvalidExpiresIsInThePast() {
        assertEquals(Verdict.NO_LIFETIME, judge(200, "Expires: 0"));
        assertEquals(0, facts.lifetimeS());
    }

    @Test
    void section4Point2Point2HeuristicIsATenth() {
        assertEquals(Verdict.STORE,
                judge(200, "Date: " + date(0), "Last-Modified: " + date(-1000)));
        assertEquals(100, facts.lifetimeS());
    }

    @Test
    void section4Point2Point2NoGuessForRequestsWithCookies() {
        judge(200, Policy.PLAIN, false, true, "Last-Modified: " + date(-1000));
        assertEquals(0, facts.lifetimeS());
    }

    @Test
    void section4Point2Point2UnknownStatusIsNotGuessed() {
        assertEquals(Verdict.NO_LIFETIME, judge(299, "Last-Modified: " + date(-1000)));
        assertEquals(Verdict.STORE, judge(299, "Cache-Control: max-age=9"));
        assertEquals(Verdict.STORE, judge(599, "Cache-Control: max-age=9"));
    }

    @ParameterizedTest
    @CsvSource({"'',0", "30,30", "'30, 500',30", "abc,0", "-5,0", "7.5,0",
        "99999999999999,2147483647"})
    void section5Point1Age(String value, long age) {
        judge(200, "Cache-Control: max-age=60", "Date: " + date(0), "Age: " + value);
        assertEquals(age, facts.ageS());
    }

    @Test
    void section4Point2Point3AgeIsTheLargerOfBoth() {
        facts.judge(Heads.of("Date: " + date(-20), "Age: 5"), 200, NOW_MS, 3000, Policy.PLAIN,
                false, false);
        assertEquals(20, facts.ageS());
        facts.judge(Heads.of("Date: " + date(-20), "Age: 50"), 200, NOW_MS, 3000, Policy.PLAIN,
                false, false);
        assertEquals(53, facts.ageS());
    }

    @Test
    void section3WhatIsNotStored() {
        assertEquals(Verdict.NO_STORE, judge(200, "Cache-Control: max-age=60, no-store"));
        assertEquals(Verdict.PRIVATE, judge(200, "Cache-Control: private, max-age=60"));
        assertEquals(Verdict.PRIVATE, judge(200, "Cache-Control: private=\"x\", max-age=60"));
        assertEquals(Verdict.STATUS, judge(206, "Cache-Control: max-age=60"));
        assertEquals(Verdict.STATUS, judge(304, "Cache-Control: max-age=60"));
        assertEquals(Verdict.STATUS, judge(412, "Cache-Control: max-age=60"));
        assertEquals(Verdict.STATUS, judge(416, "Cache-Control: max-age=60"));
        assertEquals(Verdict.NO_LIFETIME, judge(200));
        assertEquals(Verdict.NO_LIFETIME, judge(200, "Cache-Control: max-age=0"));
        assertEquals(Verdict.SET_COOKIE,
                judge(200, "Cache-Control: max-age=60", "Set-Cookie: a=b"));
        assertEquals(Verdict.VARIES_BY_ANYTHING,
                judge(200, "Cache-Control: max-age=60", "Vary: Foo, *"));
    }

    @Test
    void section5Point2Point2Point3MustUnderstand() {
        assertEquals(Verdict.STORE,
                judge(200, "Cache-Control: max-age=60, no-store, must-understand"));
        assertEquals(Verdict.STATUS, judge(499, "Cache-Control: max-age=60, must-understand"));
    }

    @ParameterizedTest
    @CsvSource({"max-age=60,AUTHORIZED", "'max-age=60, public',STORE",
        "'max-age=60, must-revalidate',STORE", "s-maxage=60,STORE"})
    void section3Point5Authorization(String value, Verdict verdict) {
        assertEquals(verdict,
                judge(200, Policy.PLAIN, true, false, "Cache-Control: " + value));
    }

    @Test
    void section5Point2Point2Point4NoCacheIsStoredWhereItCanBeAsked() {
        assertEquals(Verdict.STORE,
                judge(200, "Cache-Control: no-cache, max-age=60", "ETag: \"a\""));
        assertEquals(0, facts.lifetimeS());
        assertTrue(facts.mustRevalidate());
    }

    @Test
    void section4Point2Point4SharedMaxAgeForbidsStaleUnlessItSaysSo() {
        judge(200, "Cache-Control: s-maxage=60");
        assertTrue(facts.mustRevalidate());
        judge(200, "Cache-Control: s-maxage=60, stale-if-error=10");
        assertFalse(facts.mustRevalidate());
        assertEquals(10, facts.staleIfErrorS());
        judge(200, "Cache-Control: max-age=60, proxy-revalidate, stale-if-error=10");
        assertTrue(facts.mustRevalidate());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "max-age=10              | 10",
        "max-age=10;foo=bar      | 10",
        "max-age=10, foo=(a b);c | 10",
        "a, max-age=10           | 10",
        "max-age=20, max-age=10  | 20",
        // What cannot be read says nothing: Cache-Control counts.
        "max-age=10,             | 60",
        "max-age=\"10            | 60",
        "Max-Age=10              | 60",
        "max-age =10             | 60",
        "max-age=&               | 60",
        "max-age=\"10\"          | 60",
    })
    void rfc9213Section2Point1(String value, long seconds) {
        judge(200, "Cache-Control: max-age=60", "CDN-Cache-Control: " + value);
        assertEquals(seconds, facts.lifetimeS());
    }

    @Test
    void rfc9213Section2Point2TheTargetedFieldReplacesTheOthers() {
        assertEquals(Verdict.STORE, judge(200, "Cache-Control: no-store",
                "CDN-Cache-Control: max-age=10", "Expires: " + date(-1)));
        assertEquals(Verdict.NO_STORE, judge(200, "Cache-Control: max-age=60",
                "CDN-Cache-Control: no-store"));
        assertEquals(Verdict.PRIVATE, judge(200, "Cache-Control: max-age=60",
                "CDN-Cache-Control: private=?1"));
    }

    @Test
    void anOperatorsTimeIsForAnswersThatNameNone() {
        Policy tenMinutes = new Policy(new int[] {200, 404}, new long[] {600, 60}, true, false,
                false, false, false, false);
        assertEquals(Verdict.STORE, judge(200, tenMinutes, false, false));
        assertEquals(600, facts.lifetimeS());
        judge(404, tenMinutes, false, false);
        assertEquals(60, facts.lifetimeS());
        assertEquals(Verdict.NO_LIFETIME, judge(500, tenMinutes, false, false));
        judge(200, tenMinutes, false, false, "Cache-Control: max-age=5");
        assertEquals(5, facts.lifetimeS());
        assertEquals(Verdict.PRIVATE,
                judge(200, tenMinutes, false, false, "Cache-Control: private"));
    }

    @Test
    void accelExpiresGoesBeforeAll() {
        judge(200, "Cache-Control: max-age=5", "X-Accel-Expires: 90");
        assertEquals(90, facts.lifetimeS());
        assertEquals(Verdict.NO_LIFETIME,
                judge(200, "Cache-Control: max-age=5", "X-Accel-Expires: 0"));
        judge(200, "X-Accel-Expires: @" + (NOW_MS / 1000 + 7));
        assertEquals(7, facts.lifetimeS());
    }
}
