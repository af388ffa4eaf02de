package dev.sluice.worker.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.config.ResolverConfig;
import dev.sluice.common.counters.CounterId;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a name is asked for, of whom, and what is made of the answers. */
class NameWatchTest {

    private static final String SRV = "_http._tcp.app.test";

    @TempDir
    Path folder;
    private final DnsLoop loop = new DnsLoop();
    private final ScriptedQueries wire = new ScriptedQueries(loop);
    /** What the watch has told, in order. */
    private final List<String> told = new ArrayList<>();
    private Names names;
    private boolean firstRoundOver;

    @BeforeEach
    void build() {
        names = new Names(loop.ctx, new SystemFiles(folder.resolve("hosts"),
                folder.resolve("resolv.conf")), () -> wire);
    }

    @AfterEach
    void close() throws Exception {
        loop.run(names::stop);
        loop.close();
    }

    private static ResolverConfig servers(long validMs, boolean ipv6, String... addresses) {
        return new ResolverConfig(List.of(addresses).stream()
                .map(a -> new InetSocketAddress(InetAddress.ofLiteral(a), 53)).toList(),
                validMs, true, ipv6, 4_000);
    }

    private void watch(String host, String service, ResolverConfig config) throws Exception {
        loop.run(() -> {
            names.watch(host, service, config, new Recorder());
            names.start(() -> firstRoundOver = true);
        });
        turns();
    }

    /** Enough turns for all that is answered at once. */
    private void turns() throws Exception {
        for (int i = 0; i < 12; i++) {
            loop.run(() -> { });
        }
    }

    private void step(long ms) throws Exception {
        loop.step(ms);
        turns();
    }

    private List<String> takeTold() throws Exception {
        return loop.on(() -> {
            List<String> all = List.copyOf(told);
            told.clear();
            return all;
        });
    }

    private int askedCount() throws Exception {
        return loop.on(wire.asked::size);
    }

    private final class Recorder implements NameWatch.Listener {
        @Override
        public void found(Answer answer) {
            told.add(answer.targets().stream().map(t -> t.address().getHostAddress()
                    + (t.port() == 0 ? "" : ":" + t.port() + "*" + t.weight())
                    + (t.backup() ? " backup" : "")).collect(Collectors.joining(", ")));
        }

        @Override
        public void lost() {
            told.add("lost");
        }

        @Override
        public void changed(NameWatch.State state, String reason) {
            told.add(state + (reason == null ? "" : " " + reason));
        }
    }

    @Test
    void askedAgainWhenTheTimeToLiveIsOver() throws Exception {
        wire.set("app.test", RecordType.A, 30, "10.0.0.1");
        watch("app.test", null, servers(0, false, "127.0.0.1"));
        assertEquals(List.of("10.0.0.1", "KNOWN"), takeTold());
        assertTrue(firstRoundOver);
        loop.run(() -> wire.set("app.test", RecordType.A, 30, "10.0.0.2", "10.0.0.3"));
        step(29_000);
        assertEquals(1, askedCount());
        step(1_100);
        assertEquals(List.of("10.0.0.2, 10.0.0.3"), takeTold());
        assertEquals(2, loop.on(() -> loop.counters.get(CounterId.DNS_LOOKUPS_FOUND)));
    }

    @Test
    void timeToLiveHasALeastAndAMost() throws Exception {
        wire.set("app.test", RecordType.A, 0, "10.0.0.1");
        watch("app.test", null, servers(0, false, "127.0.0.1"));
        step(900);
        assertEquals(1, askedCount());
        loop.run(() -> wire.set("app.test", RecordType.A, 1_000_000, "10.0.0.1"));
        step(200);
        assertEquals(2, askedCount());
        step(NameWatch.TTL_MAX_MS + 100);
        assertEquals(3, askedCount());
    }

    @Test
    void validGoesBeforeTheTimeToLive() throws Exception {
        wire.set("app.test", RecordType.A, 1, "10.0.0.1");
        watch("app.test", null, servers(20_000, false, "127.0.0.1"));
        step(19_000);
        assertEquals(1, askedCount());
        step(1_100);
        assertEquals(2, askedCount());
    }

    @Test
    void bothFamiliesAreOneAnswer() throws Exception {
        wire.set("app.test", RecordType.A, 60, "10.0.0.1");
        wire.set("app.test", RecordType.AAAA, 10, "fd00::1");
        watch("app.test", null, servers(0, true, "127.0.0.1"));
        assertEquals(List.of("10.0.0.1, fd00:0:0:0:0:0:0:1", "KNOWN"), takeTold());
        step(10_100);
        assertEquals(4, askedCount());
    }

    @Test
    void silentServersAreAskedInTurnAndTheLastAnswerStands() throws Exception {
        wire.set("app.test", RecordType.A, 1, "10.0.0.1");
        watch("app.test", null, servers(0, false, "127.0.0.1", "127.0.0.2"));
        takeTold();
        loop.run(() -> wire.silent = true);
        step(1_100);
        step(2_100);
        step(2_100);
        assertEquals(List.of("STALE name servers do not answer"), takeTold());
        assertEquals(List.of("127.0.0.1 app.test A", "127.0.0.1 app.test A",
                "127.0.0.2 app.test A"), loop.on(() -> List.copyOf(wire.asked)));
        // The next tries come later and later, and nobody is told of each.
        step(1_100);
        step(2_100);
        step(2_100);
        assertEquals(5, askedCount());
        step(1_900);
        assertEquals(5, askedCount());
        loop.run(() -> wire.silent = false);
        step(200);
        assertEquals(List.of("10.0.0.1", "KNOWN"), takeTold());
        assertEquals(4, loop.on(() -> wire.cancelled));
    }

    @Test
    void nameThatIsNotThereIsAskedForLaterAndLater() throws Exception {
        watch("app.test", null, servers(0, false, "127.0.0.1"));
        assertTrue(firstRoundOver);
        assertEquals(List.of("UNKNOWN no such name"), takeTold());
        step(1_100);
        step(1_900);
        assertEquals(2, askedCount());
        step(200);
        assertEquals(3, askedCount());
        for (int i = 0; i < 8; i++) {
            step(NameWatch.RETRY_MAX_MS + 100);
        }
        assertEquals(11, askedCount());
        assertEquals(List.of(), takeTold());
        loop.run(() -> wire.set("app.test", RecordType.A, 60, "10.0.0.1"));
        step(NameWatch.RETRY_MAX_MS + 100);
        assertEquals(List.of("10.0.0.1", "KNOWN"), takeTold());
    }

    @Test
    void nameThatIsTakenAwayIsLost() throws Exception {
        wire.set("app.test", RecordType.A, 1, "10.0.0.1");
        watch("app.test", null, servers(0, false, "127.0.0.1"));
        takeTold();
        loop.run(wire.replies::clear);
        step(1_100);
        assertEquals(List.of("lost", "UNKNOWN no such name"), takeTold());
    }

    @Test
    void servicesWithPrioritiesWeightsAndPorts() throws Exception {
        wire.replies.put(SRV + " SRV", Reply.services(List.of(
                new Reply.Service(1, 3, 8080, "a.test."), new Reply.Service(1, 1, 8081, "b.test."),
                new Reply.Service(5, 9, 8082, "a.test.")), 60));
        wire.set("a.test", RecordType.A, 5, "10.0.0.1");
        wire.set("b.test", RecordType.A, 60, "10.0.0.2");
        watch("app.test", SRV, servers(0, false, "127.0.0.1"));
        assertEquals(List.of("10.0.0.1:8080*3, 10.0.0.2:8081*1, 10.0.0.1:8082*9 backup", "KNOWN"),
                takeTold());
        step(5_100);
        assertEquals(8, askedCount());
    }

    @Test
    void aliasIsFollowedToItsEnd() throws Exception {
        wire.replies.put("app.test A", Reply.alias("a.test.", 2));
        wire.set("a.test.", RecordType.A, 60, "10.0.0.1");
        watch("app.test", null, servers(0, false, "127.0.0.1"));
        assertEquals(List.of("10.0.0.1", "KNOWN"), takeTold());
        step(2_100);
        assertEquals(4, askedCount());
    }

    @Test
    void hostsFileGoesFirstAndIsReadAgain() throws Exception {
        Path hosts = folder.resolve("hosts");
        Files.writeString(hosts, "10.0.0.9 other App.Test # app\nfd00::9 app.test\n");
        watch("app.test", null, servers(0, false, "127.0.0.1"));
        assertEquals(List.of("10.0.0.9", "KNOWN"), takeTold());
        Files.writeString(hosts, "10.0.0.10 app.test\n");
        step(10_100);
        assertEquals(List.of("10.0.0.10"), takeTold());
        assertEquals(0, askedCount());
    }

    @Test
    void localhostNeverGoesToAServer() throws Exception {
        watch("localhost", null, servers(0, false, "127.0.0.1"));
        assertEquals(List.of("127.0.0.1", "KNOWN"), takeTold());
        assertEquals(0, askedCount());
    }

    @Test
    void withoutServersNobodyIsAsked() throws Exception {
        watch("app.test", null, ResolverConfig.SYSTEM);
        assertEquals(List.of("UNKNOWN no name server is configured"), takeTold());
        assertEquals(0, askedCount());
    }

    @Test
    void serversAndSearchListOfTheSystemAreReadAgain() throws Exception {
        Path conf = folder.resolve("resolv.conf");
        Files.writeString(conf, "nameserver 127.0.0.7\nsearch ns.svc svc\noptions ndots:2\n");
        wire.set("app.svc", RecordType.A, 1, "10.0.0.1");
        watch("app", null, new ResolverConfig(List.of(), 0, true, false, 4_000));
        assertEquals(List.of("127.0.0.7 app.ns.svc A", "127.0.0.7 app.svc A"),
                loop.on(() -> List.copyOf(wire.asked)));
        Files.writeString(conf, "nameserver 127.0.0.8\n");
        loop.run(wire.asked::clear);
        step(1_100);
        assertEquals(List.of("127.0.0.8 app A"), loop.on(() -> List.copyOf(wire.asked)));
    }
}
