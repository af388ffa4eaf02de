package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.identity.MadeCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** HTTP/2 with programs that others have written: curl, nghttp and h2load, with TLS and without. */
final class Http2ProgramsIT {

    private static ScriptedUpstream peer;
    private static RunningSluice sluice;

    @BeforeAll
    static void start() throws Exception {
        MadeCertificate made = Certificates.ofServer("localhost");
        peer = ScriptedUpstream.playing(Http2ProgramsIT::twice);
        sluice = RunningSluice.with("""
                [upstream app]
                server = %s
                keepalive = 64
                [server s]
                listen = 127.0.0.1:@PORT@
                listen = 127.0.0.1:@PORT:tls@ ssl
                ssl_certificate = @DIR@/s.crt
                ssl_certificate_key = @DIR@/s.key
                http2 = on
                root = @DIR@/www
                [location s /return]
                return = 200 "$request $server_protocol"
                [location s /app/]
                proxy_pass = http://app
                """.formatted(peer.address())).certificate(made)
                .file("www/file", "f".repeat(300_000)).start();
    }

    @AfterAll
    static void stop() throws Exception {
        sluice.close();
        peer.close();
    }

    /** Gives back what it gets, twice as long. */
    private static void twice(UpstreamTalk talk) throws IOException {
        while (talk.readRequest()) {
            talk.send("HTTP/1.1 200 OK\r\nContent-Length: " + 2 * talk.body().length + "\r\n\r\n");
            talk.send(talk.body());
            talk.send(talk.body());
        }
    }

    /** @return what it printed; the test is skipped where there is no such program */
    private static String run(String program, String words, String... more) throws Exception {
        Path path = Path.of("/usr/bin", program);
        Assumptions.assumeTrue(Files.isExecutable(path), "no " + program
                + " here: apt-get install " + (program.equals("curl") ? "curl" : "nghttp2-client"));
        List<String> command = new ArrayList<>(List.of(path.toString()));
        command.addAll(List.of(words.split(" ")));
        command.addAll(List.of(more));
        Processes.Ended ended = Processes.run(command);
        assertEquals(0, ended.exitCode(), command + "\n" + ended.output());
        return ended.output();
    }

    private static String plain(String path) {
        return "http://127.0.0.1:" + sluice.port() + path;
    }

    private static String secure(String path) {
        return "https://localhost:" + sluice.port("tls") + path;
    }

    @Test
    void curl() throws Exception {
        String quiet = "--silent --show-error --max-time 20 ";
        for (String how : List.of("--http2-prior-knowledge " + plain(""),
                "--http2 --cacert " + sluice.folder().resolve("s.crt") + " " + secure(""))) {
            assertEquals("GET /return HTTP/2.0 HTTP/2.0 2", run("curl", quiet + how + "/return",
                    "-w", " %{http_version}"));
            assertEquals("abcabc 2 200", run("curl", quiet + "-d abc " + how + "/app/x",
                    "-w", " %{http_version} %{http_code}"));
            // A short body that nobody reads is no failure.
            assertEquals("POST /return HTTP/2.0 HTTP/2.0 200", run("curl",
                    quiet + "-d abc " + how + "/return", "-w", " %{http_code}"));
            assertEquals("300000", run("curl", quiet + "-o /dev/null " + how + "/file",
                    "-w", "%{size_download}"));
        }
        // And HTTP/1.1 is spoken at the same addresses.
        assertEquals(200, sluice.client().get("/return").response().status());
    }

    @Test
    void nghttp() throws Exception {
        Path body = Files.writeString(sluice.folder().resolve("body"), "b".repeat(200_000));
        for (String how : List.of(plain(""), secure(""))) {
            String said = run("nghttp", "-v --no-verify-peer -n " + how + "/return " + how
                    + "/file " + how + "/none");
            assertEquals(2, said.split(":status: 200", -1).length - 1, said);
            assertTrue(said.contains(":status: 404"), said);
            assertTrue(said.contains("error_code=NO_ERROR(0x00)"), said);
            // Small windows, padding, a header block in pieces, and trailers.
            assertEquals("b".repeat(400_000), run("nghttp", "--no-verify-peer -w 10 -W 12 -b 200"
                    + " --continuation --no-content-length --trailer=x-sum:1 -d " + body + " "
                    + how + "/app/"));
            said = run("nghttp", "--no-verify-peer -n -s -m 150 " + how + "/file");
            assertEquals(150, said.split(" 200 +[0-9]+K? /file", -1).length - 1, said);
        }
    }

    @Test
    void h2load() throws Exception {
        Path body = Files.writeString(sluice.folder().resolve("small"), "b".repeat(1000));
        for (String how : List.of(plain(""), secure(""))) {
            for (String what : List.of("/return", "/file", "/app/ -d " + body)) {
                String said = run("h2load", "-n 600 -c 6 -m 50 " + how + what);
                assertTrue(said.contains("600 succeeded, 0 failed, 0 errored, 0 timeout"), said);
                assertTrue(said.contains("status codes: 600 2xx"), said);
            }
        }
    }
}
