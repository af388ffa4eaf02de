package dev.sluice.talk;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code sluice convert} writes is good for {@code sluice -t}, and means the same. */
final class ConvertIT {

    private static final String NGINX = """
            events {}
            http {
                access_log off;
                gzip on;
                open_file_cache max=100 inactive=20s;
                server {
                    listen 127.0.0.1:8080;
                    root %1$s;
                    # staff only
                    location /reports/ {
                        auth_basic "Reports";
                        auth_basic_user_file %1$s/users;
                        return 200 secret;
                    }
                    location /api/ {
                        if ($http_x_api_key = "") { return 401 "no key"; }
                        if ($request_method ~ ^(PUT|DELETE)$) { return 405; }
                        return 200 "hello $arg_name";
                    }
                    location / { try_files $uri /index.html; expires 1h; }
                }
            }
            """;

    @TempDir Path folder;

    @Test
    void aFileOfNginxMeansTheSame() throws Exception {
        Files.writeString(folder.resolve("users"), "ann:$apr1$x$dZ1FDnTnGBzqrOcR2kXgH1\n");
        Files.writeString(folder.resolve("index.html"), "home");
        String nginx = Files.writeString(folder.resolve("nginx.conf"), NGINX.formatted(folder))
                .toString();
        String ini = folder.resolve("sluice.ini").toString();
        ShortCommand.run("convert", "-o", ini, nginx).expect(0);
        ShortCommand.run("-t", "-c", ini).expect(0);
        String api = "http://127.0.0.1:8080/api/?name=ann";
        ShortCommand.run("explain", "-c", ini, "GET " + api).expect(0, "401");
        ShortCommand.run("explain", "-c", ini, "GET " + api, "-H", "X-Api-Key: 1")
                .expect(0, "200");
        ShortCommand.run("explain", "-c", ini, "PUT " + api, "-H", "X-Api-Key: 1")
                .expect(0, "405");
    }
}
