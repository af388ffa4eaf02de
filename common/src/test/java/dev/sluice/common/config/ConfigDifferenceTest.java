package dev.sluice.common.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a reload tells about two files. */
class ConfigDifferenceTest {

    private static final String TEXT =
            """
            [main]
            workers = 2
            run_directory = /tmp/run
            [upstream app]
            server = 127.0.0.1:9001
            server = 127.0.0.1:9002
            [server shop]
            listen = 127.0.0.1:8080
            return = 200 a
            [location shop /api/]
            proxy_pass = http://app
            [location shop ~ \\.php$]
            return = 403
            """;

    @TempDir Path folder;

    private SluiceConfig config(String text) {
        return loaded(text).config();
    }

    private List<String> after(String text) {
        return ConfigDifference.between(config(TEXT), config(text));
    }

    @Test
    void equalTextsAndMovedOnesDoNotDiffer() {
        assertEquals(List.of(), after(TEXT));
        assertEquals(List.of(), after("; a comment\n\n" + TEXT));
    }

    @Test
    void settingsTellTheirValues() {
        assertEquals(List.of("main      ~ workers: 2 -> 3"),
                after(TEXT.replace("workers = 2", "workers = 3")));
    }

    @Test
    void addressesComeAndGo() {
        assertEquals(
                List.of("listen    + 127.0.0.1:8081", "listen    - 127.0.0.1:8080",
                        "server    ~ shop"),
                after(TEXT.replace("8080", "8081")));
    }

    @Test
    void aChangedLocationIsNotAChangedServer() {
        assertEquals(List.of("location  ~ shop ~ \\.php$"), after(TEXT.replace("403", "404")));
        assertEquals(List.of("location  + shop = /new"),
                after(TEXT + "[location shop = /new]\nreturn = 200\n"));
        assertEquals(List.of("location  - shop ~ \\.php$"),
                after(TEXT.replace("[location shop ~ \\.php$]\nreturn = 403\n", "")));
    }

    @Test
    void peersAndUpstreams() {
        assertEquals(List.of("peer      + app 127.0.0.1:9003", "peer      - app 127.0.0.1:9002"),
                after(TEXT.replace("9002", "9003")));
        assertEquals(List.of("peer      ~ app 127.0.0.1:9001"),
                after(TEXT.replace("9001", "9001 weight=3")));
        assertEquals(List.of("upstream  ~ app"),
                after(TEXT.replace("[upstream app]", "[upstream app]\nkeepalive = 7")));
    }

    /** What -T hides is told to have changed, and no more of it. */
    @Test
    void partsThatAreSecretsAreNotShown() {
        String text = """
                [map partner]
                source = $http_x_api_key
                value = A@ acme
                value = x other
                [split deeper]
                source = $remote_addr
                share = 10% D@
                share = * ""
                [map credentials]
                source = $uri
                value = /a "Basic B@"
                value = /b $deeper
                default = C@
                [map plain]
                source = $http_x_beta
                value = E? F?
                [server www]
                listen = 127.0.0.1:80
                [location www /]
                proxy_pass = http://127.0.0.1:81
                proxy_set_header = Authorization $credentials
                proxy_set_header = X-Token G@
                [location www /in]
                when = $http_x_auth_token == "H@"
                when = "$cookie_staff:$uri" !~ ^I@$
                when = $credentials != J@
                when = $http_x_beta == K?
                return = 200
                """;
        LoadedConfig old = loaded(text.replace("@", secret).replace("?", "old"));
        LoadedConfig now = loaded(text.replace("@", secret + "2").replace("?", "new"));
        assertEquals(List.of("location  ~ www /",
                "            proxy.headers.set[1]: X-Token is set to something else",
                "location  ~ www /in",
                "            route.conditions[0].operands is something else",
                "            route.conditions[1].operands is something else",
                "            route.conditions[2].operands is something else",
                "            route.conditions[3].operands[0]: Kold -> Knew",
                "variable  ~ partner", "            rules[0].key is something else",
                "variable  ~ deeper", "            rules[0].result is something else",
                "variable  ~ credentials", "            rules[0].result is something else",
                "            defaultResult is something else",
                "variable  ~ plain", "            rules[0].key: Eold -> Enew",
                "            rules[0].result: Fold -> Fnew"),
                ConfigDifference.inParts(old, now));
        for (LoadedConfig one : List.of(old, now)) {
            assertFalse(one.shownText().contains(secret), one::shownText);
        }
        LoadedConfig other = loaded(text.replace("@", secret).replace("?", "old")
                .replace("$http_x_beta ==", "$http_authorization ==").replace("Kold", "K" + secret)
                .replace("value = x other", "value = x other\nvalue = L" + secret + " third"));
        List<String> lines = ConfigDifference.inParts(other, old);
        assertEquals(3, lines.stream().filter(line -> line.startsWith(" ")).count(),
                lines::toString);
        assertTrue(lines.stream().noneMatch(line -> line.contains(secret)), lines::toString);
    }

    private final String secret = "s" + UUID.randomUUID();

    private LoadedConfig loaded(String text) {
        LoadedConfig loaded = ConfigLoader.loadText(text, folder);
        assertNotNull(loaded.config(), () -> loaded.errors().toString());
        return loaded;
    }

    @Test
    void aSummaryIsOneLineOfFewEntries() {
        List<String> lines = List.of("server    + a", "server    + b", "server    + c");
        assertEquals("server + a, server + b and 1 more", ConfigDifference.summary(lines, 2));
        assertEquals("server + a, server + b, server + c", ConfigDifference.summary(lines, 9));
        assertEquals("", ConfigDifference.summary(List.of(), 9));
    }
}
