package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.sluice.common.identity.MadeCertificate;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** A client has one whole handshake, whatever happens to the workers. */
final class TlsSessionIT {

    private static final String SERVER = """
            [server plain]
            listen = 127.0.0.1:@PORT@
            [server s]
            listen = 127.0.0.1:@PORT:tls@ ssl
            ssl_certificate = @DIR@/s.crt
            ssl_certificate_key = @DIR@/s.key
            return = 200 "$ssl_session_reused $worker $pid first"
            """;

    @Test
    void sessionsGoOnAtEveryWorkerWhateverBecomesOfThem() throws Exception {
        MadeCertificate made = Certificates.ofServer("s.test");
        try (var sluice = RunningSluice.with(SERVER).workers(2).certificate(made).start()) {
            int port = sluice.port("tls");
            for (String protocol : List.of("TLSv1.2", "TLSv1.3")) {
                SecureClient client = new SecureClient(made);
                assertEquals(".", client.get(port, "s.test", "/", protocol).text()
                        .substring(0, 1));
                resumesAtBoth(client, port, protocol);
            }
            SecureClient kept = new SecureClient(made);
            kept.get(port, "s.test", "/");
            sluice.writeConfiguration(SERVER.replace("first", "second"));
            sluice.signal("HUP");
            Await.that("the new generation",
                    () -> kept.get(port, "s.test", "/").text().endsWith("second"));
            Await.that("the end of the old one", () -> sluice.workerPids().size() == 2);
            List<Long> before = sluice.workerPids();
            resumesAtBoth(kept, port, "TLSv1.3");
            for (long worker : before) {
                Processes.signal(worker, "KILL");
            }
            Await.that("other workers", () -> sluice.workerPids().size() == 2
                    && sluice.workerPids().stream().noneMatch(before::contains));
            resumesAtBoth(kept, port, "TLSv1.3");
            List<Long> old = sluice.workerPids();
            ShortCommand.ask(sluice, "upgrade").expect(0, "upgraded: pid ");
            String[] first = kept.get(port, "s.test", "/").text().split(" ");
            assertEquals("r", first[0], "after an upgrade");
            assertFalse(old.contains(Long.parseLong(first[2])), "by a worker of the new master");
            resumesAtBoth(kept, port, "TLSv1.3");
        }
    }

    /** The kernel deals out connections by chance: both have had some when this ends. */
    private static void resumesAtBoth(SecureClient client, int port, String protocol) {
        TreeSet<String> workers = new TreeSet<>();
        Await.that("both workers", () -> {
            String[] words = client.get(port, "s.test", "/", protocol).text().split(" ");
            assertEquals("r", words[0]);
            workers.add(words[1]);
            return workers.size() == 2;
        });
    }
}
