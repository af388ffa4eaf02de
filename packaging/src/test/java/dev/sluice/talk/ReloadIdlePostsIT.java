package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A POST on a connection that rested when a reload came is answered, not lost. */
final class ReloadIdlePostsIT {

    private static final String ONE = """
            [server s]
            listen = 127.0.0.1:@PORT@
            return = 200 one
            """;

    @Test
    void noneIsLost() throws Exception {
        int rounds = Integer.getInteger("sluice.reloads", 3);
        int clientsPerRound = Integer.getInteger("sluice.posts", 400);
        int answered = 0;
        int foundClosed = 0;
        var lost = new ArrayList<String>();
        try (var sluice = RunningSluice.with(ONE).workers(2)
                .http("keepalive_timeout = 30s").start()) {
            for (int round = 1; round <= rounds; round++) {
                try (var posts = new IdlePosts(sluice.port(), clientsPerRound)) {
                    sluice.writeConfiguration(ONE.replace("one", "round-" + round));
                    sluice.signal("HUP");
                    // The switch comes when the new workers are warm, in about a second.
                    posts.sendWithin(3_000, round).await();
                    answered += posts.answered();
                    foundClosed += posts.foundClosed();
                    lost.addAll(posts.lost());
                }
                sluice.awaitErrorLog("generation " + (round + 1) + " serves");
            }
        }
        System.out.println("posts answered " + answered + ", connections found closed "
                + foundClosed + ", lost " + lost.size());
        assertEquals(List.of(), lost);
        assertEquals(0, foundClosed);
        assertEquals(rounds * clientsPerRound, answered);
    }
}
