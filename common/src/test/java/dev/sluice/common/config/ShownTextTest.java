package dev.sluice.common.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code -T} shows of values that let somebody in. */
class ShownTextTest {

    @TempDir
    private Path directory;

    @Test
    void passwordsAreHiddenAndNothingElse() {
        LoadedConfig loaded = ConfigLoader.loadText("""
                [server www]
                listen = 127.0.0.1:80
                set_header = Set-Cookie "a=hunter2" always
                [location www /]
                proxy_pass = http://127.0.0.1:81
                proxy_set_header = Authorization "Basic hunter2; and more"
                proxy_set_header = Proxy-Authorization ""
                proxy_set_header = Cookie $http_cookie
                proxy_add_header = X-Api-KEY hunter2
                proxy_set_header = X-Kept "seen"
                [location www /in]
                when = $http_x_auth_token == "hunter2"
                when = $cookie_staff ~ ^hunter2$
                when = $http_x_beta == "seen"
                return = 200
                """, directory);
        assertTrue(loaded.errors().isEmpty(), () -> loaded.errors().toString());
        String shown = loaded.shownText();
        assertEquals(5, loaded.effectiveText().split("hunter2", -1).length - 1);
        assertEquals(0, shown.split("hunter2", -1).length - 1, shown);
        assertEquals(4, shown.split("\"\\*\\*\\*\"", -1).length - 1, shown);
        assertTrue(shown.contains("set_header = Set-Cookie \"***\" always  ; "), shown);
        assertTrue(shown.contains("proxy_set_header = Authorization \"***\"  ; "), shown);
        assertTrue(shown.contains("proxy_set_header = Cookie $http_cookie  ; "), shown);
        assertTrue(shown.contains("proxy_set_header = Proxy-Authorization \"\"  ; "), shown);
        assertEquals(2, shown.split("seen", -1).length - 1, shown);
        LoadedConfig again = ConfigLoader.loadText(shown, directory);
        assertTrue(again.errors().isEmpty(), () -> "it is a configuration: " + again.errors());
    }

    @Test
    void mapsOfSecretsAndToThemAreHidden() {
        LoadedConfig loaded = ConfigLoader.loadText("""
                [map partner]
                value = hunter1 acme
                value = "hunter2 b" "other one"
                value = ~^hunter3 third
                source = $http_x_api_key
                default = ""
                [map credentials]
                source = $uri
                value = /seen "Basic hunter4"
                value = /empty ""
                default = hunter5
                [map plain]
                source = $http_x_beta
                value = seen seen
                [server www]
                listen = 127.0.0.1:80
                [location www /]
                proxy_pass = http://127.0.0.1:81
                proxy_set_header = Authorization ${credentials}
                proxy_set_header = X-Partner $partner
                proxy_set_header = X-Plain $plain
                """, directory);
        assertTrue(loaded.errors().isEmpty(), () -> loaded.errors().toString());
        String shown = loaded.shownText();
        assertEquals(5, loaded.effectiveText().split("hunter", -1).length - 1);
        assertEquals(0, shown.split("hunter", -1).length - 1, shown);
        assertEquals(3, shown.split("seen", -1).length - 1, shown);
        assertTrue(shown.contains("\" \"other one\"  ; "), shown);
        assertTrue(shown.contains("value = /empty \"\"  ; "), shown);
        LoadedConfig again = ConfigLoader.loadText(shown, directory);
        assertTrue(again.errors().isEmpty(), () -> "it is a configuration: " + again.errors());
    }

    @Test
    void parametersAreHiddenByTheirNames() {
        LoadedConfig loaded = ConfigLoader.loadText("""
                [map partner]
                source = $arg_api_key
                value = hunter1 acme
                [map plain]
                source = $arg_page
                value = seen seen
                [server www]
                listen = 127.0.0.1:80
                rewrite = ^/(?:a|b)$ /c?token=hunter2&page=seen
                [location www /]
                when = $arg_token == hunter3
                when = $arg_page == seen
                return = 302 "https://app/cb?code=hunter4&page=seen&access_token=hunter5"
                [location www /on]
                return = 302 https://app/cb?token=$arg_token&sig=hunter6
                [location www ~ ^/(?<key>seen)=?$]
                proxy_pass = http://127.0.0.1:81
                proxy_set_header = X-Partner $partner
                proxy_set_header = X-Plain $plain
                """, directory);
        assertTrue(loaded.errors().isEmpty(), () -> loaded.errors().toString());
        String shown = loaded.shownText();
        assertEquals(6, loaded.effectiveText().split("hunter", -1).length - 1);
        assertEquals(0, shown.split("hunter", -1).length - 1, shown);
        assertEquals(6, shown.split("seen", -1).length - 1, shown);
        assertTrue(shown.contains("cb?token=$arg_token&sig=***"), shown);
        LoadedConfig again = ConfigLoader.loadText(shown, directory);
        assertTrue(again.errors().isEmpty(), () -> "it is a configuration: " + again.errors());
    }

    @Test
    void hashesOfOperatorsAreHidden() {
        String hash = "$2y$05$LL9Hz97XuYd0UKPmIR44Rem0y3/kzPgq/bboTexMi92p8AFkotuvm";
        LoadedConfig loaded = ConfigLoader.loadText("""
                [admin]
                listen = 127.0.0.1:9090
                auth_basic_user = ann:%s
                auth_basic_user = "bob:%s"
                """.formatted(hash, hash), directory);
        assertTrue(loaded.errors().isEmpty(), () -> loaded.errors().toString());
        String shown = loaded.shownText();
        assertTrue(shown.contains("auth_basic_user = ann:***  ; ")
                && shown.contains("auth_basic_user = bob:***  ; "), shown);
        assertTrue(!shown.contains("$2y$"), shown);
        assertTrue(ConfigLoader.loadText(shown, directory).errors().isEmpty(), shown);
        assertTrue(!loaded.config().servers().getFirst().fallback().access().toString()
                .contains("$2y$"));
    }
}
