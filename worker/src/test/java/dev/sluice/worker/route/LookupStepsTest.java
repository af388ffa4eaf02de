package dev.sluice.worker.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.config.LocationConfig;
import dev.sluice.common.config.LocationConfig.Match;
import dev.sluice.common.config.PathTemplate;
import dev.sluice.worker.config.ConfigText;
import dev.sluice.worker.dispatch.RoutingHarness;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.ExchangeLog;
import dev.sluice.worker.exchange.Gate;
import dev.sluice.worker.exchange.HeaderToAdd;
import dev.sluice.worker.exchange.Location;
import org.junit.jupiter.api.Test;

/** What a lookup costs, counted in compared bytes: no clock, so no other load of the machine. */
class LookupStepsTest {

    /** A digit more in a number is one more choice among ten: four comparisons at most. */
    private static final int PER_DIGIT = 4;

    private final LocationConfig config = ConfigText.location("/");
    private final RoutingHarness h = new RoutingHarness(ConfigText.of(
            "[server www]", "listen = 80"));

    private LocationTable table(int routes) {
        LocationPatterns patterns = new LocationPatterns();
        for (int i = 0; i < routes; i++) {
            // Same length everywhere, so that only the number of routes differs.
            String number = Integer.toString(1_000_000 + i).substring(1);
            switch (i % 3) {
                case 0 -> add(patterns, Match.PREFIX, "/api/v1/" + number + "/");
                case 1 -> add(patterns, Match.EXACT, "/exact/" + number);
                default -> add(patterns, Match.TEMPLATE, "/users/{id}/" + number);
            }
        }
        return patterns.table((first, methods) -> first, h.scope);
    }

    private void add(LocationPatterns patterns, Match match, String pattern) {
        Location location = new Location(config, pattern, new HeaderToAdd[0],
                new ExchangeLog[0], Location.NO_REWRITES, null, Gate.NONE);
        patterns.add(match, pattern,
                match == Match.TEMPLATE ? PathTemplate.of(pattern) : null, location,
                Condition.NONE, Variants.ALL_METHODS);
    }

    private long steps(LocationTable table, String path, String label) {
        Exchange x = h.client.request("GET " + path + " HTTP/1.1\nHost: a");
        h.routes.serve(x);
        long before = table.comparisons();
        Location found = table.find(x);
        assertEquals(label, found == null ? null : found.label);
        long steps = table.comparisons() - before;
        x.status = 404;
        x.end();
        return steps;
    }

    private void grows(LocationTable ten, LocationTable many, String path, String label) {
        long few = steps(ten, path, label);
        long more = steps(many, path, label);
        assertTrue(few > 0, "assertions are on");
        assertTrue(more <= few + 4 * PER_DIGIT, path + ": " + few + " among ten, " + more);
    }

    @Test
    void tenThousandRoutesCostWhatTenDo() {
        LocationTable ten = table(10);
        LocationTable many = table(10_000);
        grows(ten, many, "/api/v1/000003/x", "/api/v1/000003/");
        grows(ten, many, "/exact/000007", "/exact/000007");
        grows(ten, many, "/users/somebody/000005", "/users/{id}/000005");
        grows(ten, many, "/nowhere", null);
    }

    /** Every byte of the path is compared once with a label; the rest are choices of a child. */
    @Test
    void theLastOfTenThousandCostsNoMoreThanTheFirst() {
        LocationTable many = table(10_000);
        long first = steps(many, "/api/v1/000000/x", "/api/v1/000000/");
        long last = steps(many, "/api/v1/009999/x", "/api/v1/009999/");
        assertTrue(last <= first + 4 * PER_DIGIT, first + ", " + last);
        assertTrue(last <= "/api/v1/009999/x".length() + 10 * PER_DIGIT, last + "");
    }
}
