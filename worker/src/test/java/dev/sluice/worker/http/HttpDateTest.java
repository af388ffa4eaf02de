package dev.sluice.worker.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Dates against java.time (RFC 9110 §5.6.7). */
class HttpDateTest {

    private static final DateTimeFormatter FIXDATE = formatter("EEE, dd MMM yyyy HH:mm:ss 'GMT'");
    private static final DateTimeFormatter RFC_850 = formatter("EEEE, dd-MMM-yy HH:mm:ss 'GMT'");
    private static final DateTimeFormatter ASCTIME = formatter("EEE MMM ppd HH:mm:ss yyyy");

    private static DateTimeFormatter formatter(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.US).withZone(ZoneOffset.UTC);
    }

    private static String format(long ms) {
        byte[] into = new byte[HttpDate.LENGTH + 4];
        HttpDate.format(ms, into, 2);
        return new String(into, 2, HttpDate.LENGTH, StandardCharsets.US_ASCII);
    }

    private static long parse(String text) {
        byte[] bytes = ("xx" + text).getBytes(StandardCharsets.ISO_8859_1);
        return HttpDate.parse(ByteBuffer.wrap(bytes), 2, bytes.length - 2);
    }

    @Test
    void agreesWithJavaTime() {
        long seed = new Random().nextLong();
        System.out.println("HttpDateTest seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 50_000; i++) {
            long second = random.nextLong(253_402_300_800L);
            Instant instant = Instant.ofEpochSecond(second);
            String text = FIXDATE.format(instant);
            assertEquals(text, format(second * 1000 + random.nextInt(1000)));
            assertEquals(second, parse(text), text);
            assertEquals(second, parse(ASCTIME.format(instant)));
            int year = instant.atOffset(ZoneOffset.UTC).getYear();
            if (year >= 1970 && year < 2070) {
                assertEquals(second, parse(RFC_850.format(instant)));
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "Sun, 06 Nov 1994 08:49:37 GMT | 784111777", "Sunday, 06-Nov-94 08:49:37 GMT | 784111777",
        "Sun Nov  6 08:49:37 1994 | 784111777", "Thu, 01 Jan 1970 00:00:00 GMT | 0",
        "Thu, 29 Feb 2024 23:59:59 GMT | 1709251199", "Sat, 31 Dec 2016 23:59:60 GMT | 1483228800",
    })
    void readsThreeForms(String text, long seconds) {
        assertEquals(seconds, parse(text));
    }

    /** RFC 9111 §4.2. */
    @ParameterizedTest
    @ValueSource(strings = {
        "Sun, 06 NOV 1994 08:49:37 GMT", "SUN, 06 nov 1994 08:49:37 gMT",
        "Sun, 06 Nov 1994 08:49:37 UTC", "sunday, 06-nov-94 08:49:37 utc",
        "sun nov  6 08:49:37 1994",
    })
    void readsLettersOfAnyCaseAndUtc(String text) {
        assertEquals(784111777, parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "x", "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 06 Nov 1994 08:49:37", "0", "-1",
        "Sun, 6 Nov 1994 08:49:37 GMT", "Sun, 31 Feb 1994 08:49:37 GMT",
        "Sun, 29 Feb 2023 08:49:37 GMT", "Sun, 00 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nox 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT",
        "Sun, 06 Nov 1994 08:60:37 GMT", "Sun, 06 Nov 1994 08:49:61 GMT",
        "Sun, 06 Nov 1994 08-49-37 GMT", "Sun, 06 Nov 1969 08:49:37 GMT",
        "Sun, 06 Nov x994 08:49:37 GMT", "Sun, 06 Nov 199x 08:49:37 GMT",
        "Sun, xx Nov 1994 08:49:37 GMT", "Sun Nov  x 08:49:37 1994", "Sun Nov  6 08:49:37 19 4",
        "Sunday, 06-Nov-9x 08:49:37 GMT", "Sunday 06-Nov-94 08:49:37 GMT!",
        "Sun, 06-Nov-94 08:49:37 GMT",
        "Sun, 31 Apr 1994 08:49:37 GMT", "Sun, 32 Dec 1994 08:49:37 GMT",
    })
    void refusesOthers(String text) {
        assertEquals(-1, parse(text));
    }

    @Test
    void clampsWhatFourDigitsCannotSay() {
        assertEquals("Thu, 01 Jan 1970 00:00:00 GMT", format(-5));
        assertEquals("Fri, 31 Dec 9999 23:59:59 GMT", format(Long.MAX_VALUE));
    }
}
