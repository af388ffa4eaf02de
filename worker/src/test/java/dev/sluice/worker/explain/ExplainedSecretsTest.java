package dev.sluice.worker.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.config.LoadedConfig;
import dev.sluice.worker.config.ConfigText;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What {@code -T} hides is not told of a request either. */
final class ExplainedSecretsTest {

    private final String secret = "s" + UUID.randomUUID();
    private final LoadedConfig config = ConfigText.load("""
            [limit per_key]
            key = $http_x_api_key
            rate = 10r/s
            [cache kept]
            path = /var/cache/none
            [map credentials]
            source = $uri
            default = "Basic !"
            [server www]
            listen = 0.0.0.0:80
            add_header = Set-Cookie "id=!"
            add_header = X-Seen yes
            [location www /]
            limit = per_key
            proxy_cache = kept
            proxy_cache_key = $uri$http_authorization
            proxy_cache_bypass = $arg_token
            proxy_pass = http://127.0.0.1:81
            proxy_set_header = X-Vault-Token !
            proxy_set_header = X-Api-Key $http_x_api_key
            proxy_set_header = Proxy-Authorization $credentials
            proxy_set_header = X-Partner $credentials
            proxy_set_header = X-Kept kept
            [location www /back]
            return = 302 https://app/cb?code=!&state=kept
            [location www /in]
            when = $arg_token == !
            return = 204
            """.replace("!", secret));

    private List<String> tells(String request, String... fields) {
        List<String> lines = new Explainer(config.config(), config.variables()).explain(
                Asked.of(request, List.of(fields), "192.0.2.7", null)).lines();
        String all = String.join("\n", lines);
        assertFalse(all.contains(secret), all);
        return lines.stream().map(String::strip).toList();
    }

    @Test
    void fieldsForThePeerAndForTheClientAreHidden() {
        List<String> lines = tells("GET http://h/in?access_token=" + secret + "&a=1",
                "Authorization: Bearer " + secret, "Cookie: a=" + secret,
                "X-Api-Key: " + secret, "Referer: http://h/?sig=" + secret, "X-Other: kept");
        for (String line : List.of("request    GET /in?access_token=***&a=1 HTTP/1.1",
                "Authorization: ***", "Cookie: ***", "X-Api-Key: ***", "X-Vault-Token: ***",
                "Proxy-Authorization: ***", "X-Partner: ***", "X-Kept: kept", "X-Other: kept",
                "Referer: http://h/?sig=***", "answer     add Set-Cookie: ***",
                "answer     add X-Seen: yes")) {
            assertEquals(1, lines.stream().filter(line::equals).count(), line + lines);
        }
        assertEquals(1, lines.stream().filter(line -> line.startsWith(
                "limit      per_key: 10r/s burst=0 for \"***\"")).count(), lines::toString);
        assertTrue(lines.contains("cache      kept, key ***"), lines::toString);
    }

    @Test
    void soAreRedirectsAndConditions() {
        List<String> lines = tells("GET http://h/back");
        assertTrue(lines.contains("Location: https://app/cb?code=***&state=kept"),
                lines::toString);
        List<String> lost = tells("GET http://h/in?token=x" + secret);
        assertEquals(1, lost.stream().filter(line -> line.startsWith(
                "not /in: when = $arg_token == *** does not hold")).count(), lost::toString);
        assertTrue(lost.contains("the peer is asked all the same: proxy_cache_bypass $arg_token"
                + " is \"***\""), lost::toString);
    }
}
