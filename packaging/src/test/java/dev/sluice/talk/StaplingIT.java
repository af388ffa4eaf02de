package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.clock.SystemClock;
import dev.sluice.common.identity.CertificateMaker;
import dev.sluice.common.identity.MadeCertificate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** What a responder has told one worker is shown by all, also by those that come later. */
final class StaplingIT {

    private static final String SERVER = """
            [server plain]
            listen = 127.0.0.1:@PORT@
            [server s]
            listen = 127.0.0.1:@PORT:tls@ ssl
            ssl_certificate = @DIR@/s.chain
            ssl_certificate_key = @DIR@/s.key
            ssl_stapling = on
            ssl_stapling_responder = http://RESPONDER/
            return = 200
            """;
    private static final Instant NOW = Instant.ofEpochMilli(SystemClock.INSTANCE.nowMs());

    private volatile byte[] answer;

    @Test
    void oneQuestionIsEnoughForAllWorkers() throws Exception {
        MadeCertificate authority = CertificateMaker.ofAuthority("CN=authority", 0,
                NOW.minus(Duration.ofDays(1)), NOW.plus(Duration.ofDays(90))).selfSigned();
        MadeCertificate own = CertificateMaker.ofServer(List.of("s.test"), false,
                NOW.minus(Duration.ofDays(1)), NOW.plus(Duration.ofDays(90))).signedBy(authority);
        try (var responder = ScriptedUpstream.playing(this::answer)) {
            RunningSluice kit = RunningSluice.with(
                    SERVER.replace("RESPONDER", responder.address())).workers(2)
                    .certificate(own)
                    .file("s.chain", own.pem() + authority.pem())
                    .file("ca.crt", authority.pem()).file("ca.key", authority.keyPem());
            answer = answerOfOpenSsl(kit.folder(), own);
            try (var sluice = kit.start()) {
                int port = sluice.port("tls");
                for (int i = 0; i < 5; i++) {
                    Await.that("an answer of every worker", () -> isShown(port));
                }
                List<Long> before = sluice.workerPids();
                for (long worker : before) {
                    Processes.signal(worker, "KILL");
                }
                Await.that("other workers", () -> sluice.workerPids().size() == 2
                        && sluice.workerPids().stream().noneMatch(before::contains));
                Await.that("the answer of before", () -> isShown(port));
                ShortCommand.ask(sluice, "upgrade").expect(0, "upgraded: pid ");
                assertTrue(isShown(port), "another master has kept it");
                assertEquals(1, responder.connectionCount());
            }
        }
    }

    private void answer(UpstreamTalk talk) throws Exception {
        talk.readHead();
        talk.send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " + answer.length
                + "\r\n\r\n");
        talk.send(answer);
    }

    /** As its responder would say it, for a week. */
    private static byte[] answerOfOpenSsl(Path folder, MadeCertificate own) throws Exception {
        String serial = own.certificate().getSerialNumber().toString(16).toUpperCase(Locale.ROOT);
        Files.writeString(folder.resolve("index"), "V\t301231235959Z\t\t"
                + "0".repeat(serial.length() % 2) + serial + "\tunknown\t/CN=s.test\n");
        OpenSsl.run("ocsp -no_nonce -issuer " + folder.resolve("ca.crt") + " -cert "
                + folder.resolve("s.crt") + " -reqout " + folder.resolve("question"));
        OpenSsl.run("ocsp -ndays 7 -index " + folder.resolve("index") + " -CA "
                + folder.resolve("ca.crt") + " -rsigner " + folder.resolve("ca.crt") + " -rkey "
                + folder.resolve("ca.key") + " -reqin " + folder.resolve("question")
                + " -respout " + folder.resolve("answer"));
        return Files.readAllBytes(folder.resolve("answer"));
    }

    private static boolean isShown(int port) throws Exception {
        return OpenSsl.client(port, "-status -servername s.test").contains("Cert Status: good");
    }
}
