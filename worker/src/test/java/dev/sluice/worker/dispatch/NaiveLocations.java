package dev.sluice.worker.dispatch;

import dev.sluice.worker.exchange.Exchange;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What the routing of this server is not: predicates that are asked one after the other, as
 * gateways do it that keep their routes in a list. Owner: one thread.
 */
final class NaiveLocations {

    /** Long prefixes first, so that the first that matches is the right one. */
    private final List<byte[]> prefixes = new ArrayList<>();

    NaiveLocations(List<String> patterns) {
        patterns.stream().sorted((a, b) -> Integer.compare(b.length(), a.length()))
                .forEach(one -> prefixes.add(one.getBytes(StandardCharsets.UTF_8)));
    }

    /** The place of the pattern among the sorted ones, or -1. */
    int find(Exchange x) {
        for (int i = 0; i < prefixes.size(); i++) {
            if (startsWith(x.pathBuffer, x.pathOffset, x.pathLength, prefixes.get(i))) {
                return i;
            }
        }
        return -1;
    }

    private static boolean startsWith(ByteBuffer path, int offset, int length, byte[] prefix) {
        if (prefix.length > length) {
            return false;
        }
        for (int i = 0; i < prefix.length; i++) {
            if (path.get(offset + i) != prefix[i]) {
                return false;
            }
        }
        return true;
    }
}
