package dev.sluice.worker.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.common.config.LoggedOnly;
import dev.sluice.worker.config.ConfigText;
import dev.sluice.worker.exchange.Exchange;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which exchanges an access log has a line for. */
final class ChosenExchangesTest {

    private final RoutingHarness h = new RoutingHarness(
            ConfigText.of("[server www]", "listen = 80"));
    private final List<String> logged = new ArrayList<>();

    private void end(ChosenExchanges log, String target, long tookMs) {
        Exchange x = h.client.request("GET " + target + " HTTP/1.1\nHost: www.example.com");
        h.clock.stepMs(tookMs);
        h.ctx.clock.update();
        h.onRequest(x);
        log.ended(x);
        h.client.finish();
    }

    private ChosenExchanges only(String condition, int oneIn, long slowMs) {
        return new ChosenExchanges(x -> logged.add(RoutingHarness.path(x)),
                new LoggedOnly(condition, oneIn, slowMs), h.scope);
    }

    @Test
    void aConditionHoldsUnlessItIsEmptyOrZero() {
        ChosenExchanges log = only("$arg_log", 1, 0);
        end(log, "/none", 0);
        end(log, "/zero?log=0", 0);
        end(log, "/one?log=1", 0);
        end(log, "/zeros?log=00", 0);
        end(log, "/word?log=no", 0);
        assertEquals(List.of("/one", "/zeros", "/word"), logged);
    }

    @Test
    void oneOfThree() {
        ChosenExchanges log = only(null, 3, 0);
        for (int i = 0; i < 7; i++) {
            end(log, "/" + i, 0);
        }
        assertEquals(List.of("/0", "/3", "/6"), logged);
    }

    @Test
    void slowOnesAndOneOfTwoOfThem() {
        ChosenExchanges log = only(null, 2, 100);
        end(log, "/99", 99);
        end(log, "/100", 100);
        end(log, "/101", 101);
        end(log, "/5", 5);
        end(log, "/102", 102);
        assertEquals(List.of("/100", "/102"), logged);
    }
}
