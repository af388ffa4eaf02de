package dev.sluice.common.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** What is shown of URLs that carry what lets somebody in. */
final class SecretNamesTest {

    @Test
    void secretsOfQueriesAreHidden() {
        shows("/?a=1&api_key=***&Token=***&b&code=***&c=",
                "/?a=1&api_key=x&Token=y=z&b&code=9&c=");
        shows("GET /a?access_token=*** HTTP/1.1", "GET /a?access_token=x HTTP/1.1");
        shows("https://h/cb#state=1&access_token=***", "https://h/cb#state=1&access_token=x");
    }

    @Test
    void soAreThoseThatAReaderWouldFindAllTheSame() {
        shows("/?%74oken=***", "/?%74oken=x");
        shows("/?to=/b?token=***&c=1", "/?to=/b?token=x&c=1");
        shows("/?a=1;token=***", "/?a=1;token=x");
        shows("/?%=1&%7=2&%zztoken=***", "/?%=1&%7=2&%zztoken=x");
    }

    @Test
    void fieldsMayHaveUrlsInThem() {
        assertEquals("***", SecretNames.shown("X-Session-Id", "x"));
        assertEquals("https://h/?a=1&token=***",
                SecretNames.shown("Content-Location", "https://h/?a=1&token=x"));
        assertEquals("5; url=/a?token=***", SecretNames.shown("Refresh", "5; url=/a?token=x"));
        assertEquals("</a?sig=***; rel=next, </b?a=1>; rel=prev",
                SecretNames.shown("Link", "</a?sig=x>; rel=next, </b?a=1>; rel=prev"));
    }

    @Test
    void whatIsNoQueryStays() {
        for (String text : new String[] {"", "/token=x", "?", "/a?", "a=token", "/?token", "/?&&#",
            "/?a=token"}) {
            shows(text, text);
        }
    }

    private static void shows(String shown, String text) {
        assertEquals(shown, SecretNames.hideIn(text));
    }
}
