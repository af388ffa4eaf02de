package dev.sluice.master.training;

import dev.sluice.common.clock.SystemClock;
import dev.sluice.common.identity.CertificateMaker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The folder of a rehearsal: a configuration with some of everything, files to serve, a certificate
 * of an hour.
 */
final class RehearsalFiles {

    static final String CONFIG = "sluice.ini";

    private static final String SECURE_ENDED = "secure.ended";
    private static final int BIG_FILE_BYTES = 300_000;
    private static final Duration VALID = Duration.ofHours(1);
    private static final String BEFORE = "before the reload";

    private static final String TEXT = """
            [main]
            workers = 1
            run_directory = @DIR@/run
            pid = @DIR@/sluice.pid
            error_log = @DIR@/error.log info

            [http]
            access_log = @DIR@/access.log combined
            keepalive_requests = 1000000

            [upstream near]
            server = 127.0.0.1:@PORT2@
            keepalive = 16

            [upstream socket]
            server = unix:@DIR@/near.sock
            balance = least_conn
            keepalive = 16

            [server site]
            listen = 127.0.0.1:@PORT@
            listen = 127.0.0.1:@PORT3@ ssl
            ssl_certificate = @DIR@/localhost.crt
            ssl_certificate_key = @DIR@/localhost.key
            server_name = localhost *.example.org
            root = @DIR@/www
            metrics = on
            error_page = 404 /404.html
            add_header = X-Content-Type-Options nosniff always

            [location site /]
            try_files = $uri $uri/ =404

            [location site /api/]
            proxy_pass = http://near
            proxy_set_header = X-Request-ID $request_id

            [location site /socket/]
            proxy_pass = http://socket

            [location site /text]
            return = 200 "before the reload"

            [location site /moved]
            return = 301 https://$host$request_uri

            [location site ~ ^/old/(.*)]
            rewrite = ^/old/(.*) /$1 last

            [server near]
            listen = 127.0.0.1:@PORT2@
            listen = unix:@DIR@/near.sock
            return = 200 '{"id":42,"name":"a small answer"}'
            """;

    private RehearsalFiles() {}

    /** @param ports for clients, for peers, for clients with TLS */
    static void write(Path folder, int... ports) throws IOException, GeneralSecurityException {
        Instant now = Instant.ofEpochMilli(SystemClock.INSTANCE.nowMs());
        CertificateMaker.ofServer(List.of("localhost"), false, now.minus(VALID), now.plus(VALID))
                .selfSigned().write(folder, "localhost");
        Path pages = Files.createDirectory(folder.resolve("www"));
        Files.writeString(pages.resolve("index.html"), "<html>a page</html>\n".repeat(50));
        Files.writeString(pages.resolve("404.html"), "<html>not here</html>\n");
        Files.write(pages.resolve("big.bin"), new byte[BIG_FILE_BYTES]);
        Files.writeString(folder.resolve(CONFIG), TEXT.replace("@DIR@", folder.toString())
                .replace("@PORT@", Integer.toString(ports[0]))
                .replace("@PORT2@", Integer.toString(ports[1]))
                .replace("@PORT3@", Integer.toString(ports[2])));
    }

    /** Says to the recorded process that the clients with TLS are done, well or not. */
    static void endSecure(Path folder) throws IOException {
        Files.createFile(folder.resolve(SECURE_ENDED));
    }

    static boolean secureEnded(Path folder) {
        return Files.exists(folder.resolve(SECURE_ENDED));
    }

    /** So that a reload has something to do. */
    static void change(Path folder) throws IOException {
        Path file = folder.resolve(CONFIG);
        Files.writeString(file, Files.readString(file).replace(BEFORE, "after the reload"));
    }

    static void delete(Path folder) throws IOException {
        List<Path> all;
        try (Stream<Path> files = Files.walk(folder)) {
            all = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : all) {
            Files.deleteIfExists(file);
        }
    }
}
