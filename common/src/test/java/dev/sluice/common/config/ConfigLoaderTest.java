package dev.sluice.common.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.config.LocationConfig.Match;
import dev.sluice.common.config.RetryConfig.RetryOn;
import dev.sluice.common.config.ServerNameConfig.Kind;
import dev.sluice.common.config.StaticConfig.Symlinks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Values, defaults and inheritance, and that the effective text says the same. */
class ConfigLoaderTest {

    @TempDir
    Path directory;

    @BeforeEach
    void directories() throws IOException {
        Files.createDirectories(directory.resolve("www/img"));
        Files.createDirectories(directory.resolve("prefix/www"));
    }

    /** Loads, insists on no error, and checks the way through the effective text on the way. */
    private SluiceConfig load(String text) throws IOException {
        LoadedConfig loaded = ConfigLoader.loadText(text, directory);
        assertEquals(List.of(), loaded.errors());
        SameConfig.insist(loaded, Files.createTempDirectory(directory, "gen"));
        return loaded.config();
    }

    @Test
    void defaults() throws IOException {
        SluiceConfig config = load("[server a]\nlisten = 80\n");
        MainConfig main = config.main();
        assertEquals("", main.user());
        assertEquals(Runtime.getRuntime().availableProcessors(), main.workers());
        assertEquals(60_000, main.workerShutdownTimeoutMs());
        assertEquals(30_000, main.workerStallTimeoutMs());
        assertEquals(3, main.maxGenerations());
        assertEquals("/run/sluice", main.runDirectory());
        assertEquals("/run/sluice/sluice.pid", main.pidFile());
        assertEquals(new ErrorLogConfig("stderr", "notice"), main.errorLog());
        assertEquals(new EventsConfig("epoll", 16384, 64, List.of()), config.events());
        HttpConfig http = config.http();
        assertEquals(List.of(15_000L, 32768, 8192, 100, 500), List.of(http.clientHeaderTimeoutMs(),
                http.largeHeaderBufferBytes(), http.requestLineBytesMax(), http.maxHeaders(),
                http.maxActiveRequests()));
        assertEquals(List.of(true, false, false, 1000, 1000L, 4096, 3_600_000L), List.of(
                http.mergeSlashes(), http.underscoresInHeaders(), http.serverTokens(),
                http.openFileCacheMax(), http.openFileCacheValidMs(), http.slabCountMax(),
                http.keepaliveTimeMs()));
        LocationConfig fallback = config.servers().getFirst().fallback();
        StaticConfig statics = fallback.statics();
        assertNull(statics.root());
        assertNull(statics.alias());
        assertEquals(List.of(List.of("index.html"), List.of(), true, Symlinks.IF_OUTSIDE_ROOT,
                "application/octet-stream", true, 16), List.of(statics.index(),
                statics.tryFiles(), statics.sendfile(), statics.symlinks(),
                statics.defaultType(), statics.etag(), statics.maxRanges()));
        ClientConfig client = fallback.client();
        assertEquals(List.of(60_000L, 500, 60_000L, 75_000L, 10_000, 0L, 5_000L), List.of(
                client.bodyTimeoutMs(), client.minRateBytesPerSecond(), client.sendTimeoutMs(),
                client.keepaliveTimeoutMs(), client.keepaliveRequests(), client.maxBodyBytes(),
                client.lingeringTimeoutMs()));
        assertEquals("application/octet-stream", client.contentTypeDefault());
        assertEquals(List.of(), fallback.accessLogs());
        assertNull(config.admin());
        assertSame(MimeTypes.BUILT_IN, config.mimeTypes());
        assertEquals("combined", config.logFormats().getFirst().name());
    }

    @Test
    void offIsATimeOfNone() throws IOException {
        MainConfig main = load("[main]\nwarmup = off\nworker_stall_timeout = off\n").main();
        assertEquals(0, main.warmupMs());
        assertEquals(0, main.workerStallTimeoutMs());
    }

    @Test
    void aCharsetIsInherited() throws IOException {
        List<LocationConfig> locations = load("""
                [http]
                charset = utf-8
                [server a]
                listen = 127.0.0.1:80
                charset_types = text/* application/json
                [location a /as-the-server]
                [location a /own]
                charset = koi8-r
                [location a /none]
                charset = off
                """).servers().getFirst().locations();
        List<String> types = List.of("text/*", "application/json");
        assertEquals(new CharsetConfig("utf-8", types), locations.get(0).headers().charset());
        assertEquals(new CharsetConfig("koi8-r", types), locations.get(1).headers().charset());
        assertNull(locations.get(2).headers().charset());
    }

    @Test
    void settingsAreInherited() throws IOException {
        SluiceConfig config = load("""
                [http]
                root = www
                keepalive_timeout = 1m
                access_log = a.log
                add_header = X-A http
                add_header = X-B http
                error_page = 404 500 /http.html
                [server s]
                listen = 80
                send_timeout = 3s
                add_header = x-a server always
                error_page = 500 =200 /server.html
                try_files = $uri =404
                [location s /]
                index = a b
                keepalive_timeout = 5
                [location s = /x]
                clear = add_header error_page
                add_header = X-C location
                access_log = off
                alias = www/img/
                [location s /img/]
                alias = www/img/
                access_log = b.log combined buffer=4k flush=2s
                access_log = stderr
                """);
        ServerConfig server = config.servers().getFirst();
        assertEquals(List.of("$uri", "=404"), server.fallback().statics().tryFiles());
        LocationConfig root = server.locations().get(0);
        assertEquals(directory + "/www", root.statics().root());
        assertEquals(List.of("a", "b"), root.statics().index());
        assertEquals(List.of(), root.statics().tryFiles());
        assertEquals(5_000, root.client().keepaliveTimeoutMs());
        assertEquals(60_000, server.fallback().client().keepaliveTimeoutMs());
        assertEquals(3_000, root.client().sendTimeoutMs());
        assertEquals(List.of("X-B http false", "x-a server true"), rules(root.headers().add()));
        assertEquals(List.of(new ErrorPageConfig(List.of(404), 0, "/http.html"),
                new ErrorPageConfig(List.of(500), 200, "/server.html")), root.errorPages());
        assertEquals(List.of(new AccessLogConfig(directory + "/a.log", "combined", 65536, 1000)),
                root.accessLogs());
        LocationConfig exact = server.locations().get(1);
        assertEquals(Match.EXACT, exact.match());
        assertEquals(List.of("X-C location false"), rules(exact.headers().add()));
        assertEquals(List.of(), exact.errorPages());
        assertEquals(List.of(), exact.accessLogs());
        assertNull(exact.statics().root());
        LocationConfig images = server.locations().get(2);
        assertEquals(directory + "/www/img/", images.statics().alias());
        assertEquals(List.of(new AccessLogConfig(directory + "/b.log", "combined", 4096, 2000),
                new AccessLogConfig("stderr", "combined", 65536, 1000)), images.accessLogs());
    }

    private static List<String> rules(List<HeaderRule> rules) {
        return rules.stream().map(rule -> rule.name() + " " + rule.value() + " " + rule.always())
                .toList();
    }

    private static final String UPSTREAMS = """
            [http]
            proxy_send_timeout = 7s
            proxy_set_header = Host $host
            proxy_set_header = X-A a
            proxy_hide_header = X-P X-Q
            [upstream app]
            server = 10.0.0.1:8080 weight=3 max_fails=0 fail_timeout=1m max_conns=9
            server = unix:app.sock backup
            server = app.internal down
            balance = least_conn
            keepalive = 8
            keepalive_timeout = 20s
            keepalive_requests = 5
            connect_timeout = 1s
            read_timeout = 2s
            send_timeout = 3s
            retry = error http_503 tries=4
            [server s]
            listen = 80
            [location s /]
            proxy_pass = http://app
            [location s /a/]
            proxy_pass = http://app/
            proxy_connect_timeout = 9s
            proxy_next_upstream = off
            proxy_set_header = host example.com
            proxy_set_header = X-B b
            proxy_pass_forwarded = on
            [location s /b/]
            proxy_pass = http://127.0.0.1:81/x
            [location s /c/]
            proxy_pass = http://127.0.0.1:81
            proxy_head_size = 8k
            proxy_next_upstream = timeout
            proxy_next_upstream_tries = 5
            [location s /d/]
            proxy_pass = http://unix:d.sock:/base/
            """;

    @Test
    void upstreamsAndTheirTimes() throws IOException {
        SluiceConfig config = load(UPSTREAMS);
        UpstreamConfig app = config.upstreams().getFirst();
        assertEquals(BalanceConfig.of(BalanceConfig.Method.LEAST_CONN), app.balance());
        assertEquals(8, app.keepalive());
        PeerConfig first = app.peers().getFirst();
        assertEquals(List.of("10.0.0.1:8080", "10.0.0.1", 8080, 3, 0, 60_000L, 9), List.of(
                first.text(), first.host(), first.port(), first.weight(), first.maxFails(),
                first.failTimeoutMs(), first.maxConns()));
        PeerConfig second = app.peers().get(1);
        assertEquals(directory + "/app.sock", second.unixPath());
        assertTrue(second.backup());
        assertNull(second.host());
        assertEquals(80, app.peers().get(2).port());
        assertTrue(app.peers().get(2).down());
        assertEquals(3, config.upstreams().size());
        assertEquals(81, config.upstreams().get(1).peers().getFirst().port());
    }

    @Test
    void locationsThatPassToUpstreams() throws IOException {
        List<LocationConfig> locations =
                load(UPSTREAMS).servers().getFirst().locations();
        ProxyConfig plain = locations.get(0).proxy();
        assertEquals("app", plain.upstream());
        assertNull(plain.uri());
        assertEquals(List.of("Host $host false", "X-A a false"), rules(plain.headers().set()));
        assertEquals(List.of(List.of("X-P", "X-Q"), 1_000L, 7_000L, 2_000L, 16384, false),
                List.of(plain.headers().hide(), plain.connectTimeoutMs(), plain.sendTimeoutMs(),
                        plain.readTimeoutMs(), plain.headBytesMax(),
                        plain.headers().passForwarded()));
        assertEquals(new RetryConfig(Set.of(RetryOn.ERROR, RetryOn.HTTP_503), 4, 20),
                plain.retry());
        assertEquals(TransportConfig.PLAIN, plain.transport());
        ProxyConfig own = locations.get(1).proxy();
        assertEquals("/", own.uri());
        assertEquals(9_000, own.connectTimeoutMs());
        assertEquals(new RetryConfig(Set.of(), 4, 20), own.retry());
        assertEquals(List.of("X-A", "host", "X-B"),
                own.headers().set().stream().map(HeaderRule::name).toList());
        assertTrue(own.headers().passForwarded());
        assertEquals("127.0.0.1:81", locations.get(2).proxy().upstream());
        assertEquals("/x", locations.get(2).proxy().uri());
        assertEquals(new RetryConfig(Set.of(RetryOn.ERROR, RetryOn.TIMEOUT), 2, 20),
                locations.get(2).proxy().retry());
        assertEquals(new RetryConfig(Set.of(RetryOn.TIMEOUT), 5, 20),
                locations.get(3).proxy().retry());
        assertEquals("unix:" + directory + "/d.sock", locations.get(4).proxy().upstream());
        assertEquals("/base/", locations.get(4).proxy().uri());
    }

    @Test
    void serversNamesAndAddresses() throws IOException {
        SluiceConfig config = load("""
                [server s]
                listen = 80
                listen = [::]:81 default_server backlog=7
                listen = unix:s.sock
                server_name = Example.com .both.org www.*
                server_name = ~^www\\d+\\.x$
                allow = 10.1.2.3/8 ::1
                rewrite = ^/a/(.*)$ /b/$1 last
                rewrite = ^/x https://y/ last
                return = 301 https://example.com$request_uri
                [server t]
                listen = 127.0.0.1:0
                metrics = on
                [location t ~ "a b"]
                return = 200 'say "hi" $uri # no comment'
                [location t ~* \\.(png|gif)$]
                [location t ^~ /s/]
                """);
        ServerConfig server = config.servers().getFirst();
        assertEquals(List.of("0.0.0.0:80", "[::]:81", "unix:" + directory + "/s.sock"),
                server.listens().stream().map(ListenConfig::key).toList());
        assertEquals(7, server.listens().get(1).backlog());
        assertEquals(List.of(new ServerNameConfig("example.com", Kind.EXACT),
                new ServerNameConfig("both.org", Kind.EXACT),
                new ServerNameConfig("*.both.org", Kind.LEADING_WILDCARD),
                new ServerNameConfig("www.*", Kind.TRAILING_WILDCARD),
                new ServerNameConfig("^www\\d+\\.x$", Kind.REGEX)), server.names());
        assertEquals(List.of(new AccessRule(true, "10.0.0.0/8"),
                new AccessRule(true, "::1/128"), new AccessRule(false, "all")),
                server.fallback().access().rules());
        assertEquals(RewriteConfig.Flag.LAST, server.rewrites().get(0).flag());
        assertEquals(RewriteConfig.Flag.REDIRECT, server.rewrites().get(1).flag());
        assertEquals(new ReturnConfig(301, "https://example.com$request_uri"), server.ret());
        ServerConfig other = config.servers().get(1);
        assertTrue(other.metrics());
        assertEquals(0, other.listens().getFirst().port());
        assertEquals("a b", other.locations().get(0).pattern());
        assertEquals("say \"hi\" $uri # no comment", other.locations().get(0).ret().text());
        assertEquals(Match.REGEX_NOCASE, other.locations().get(1).match());
        assertEquals(Match.PREFIX_STRONG, other.locations().get(2).match());
    }

    @Test
    void serversThatShareAnAddressShareItsBacklog() throws IOException {
        SluiceConfig config = load("[server a]\nlisten = 80\nserver_name = a\n"
                + "[server b]\nlisten = 80 backlog=9\nserver_name = b\n");
        assertEquals(1, config.listenAddresses().size());
        assertEquals(9, config.listenAddresses().getFirst().backlog());
    }

    @Test
    void theAdminIsAServerToo() throws IOException {
        SluiceConfig config = load("[http]\naccess_log = a.log\n[admin]\nlisten = 127.0.0.1:9\n");
        ServerConfig admin = config.servers().getFirst();
        assertEquals("admin", admin.name());
        assertTrue(admin.metrics());
        assertEquals(List.of(new AccessRule(true, "127.0.0.0/8"),
                new AccessRule(true, "::1/128"), new AccessRule(true, "unix:"),
                new AccessRule(false, "all")),
                admin.fallback().access().rules());
        assertEquals(admin.listens(), config.admin().listens());
        assertEquals(1, admin.fallback().accessLogs().size());
    }

    @Test
    void logFormatsKeepTheirQuotes() throws IOException {
        SluiceConfig config = load("""
                [server a]
                listen = 80
                access_log = stderr json
                access_log = stderr quoted
                [log_format json]
                format = {"t":"$time_iso8601","st":$status}
                escape = json
                [log_format quoted]
                format = '$remote_addr "$request" ; x'
                """);
        assertEquals("{\"t\":\"$time_iso8601\",\"st\":$status}",
                config.logFormats().get(1).format());
        assertEquals("json", config.logFormats().get(1).escape());
        assertEquals("$remote_addr \"$request\" ; x", config.logFormats().get(2).format());
    }

    @Test
    void thePrefixAndOverridesGoFirst() throws IOException {
        Path file = Files.writeString(directory.resolve("x.ini"),
                "[main]\nworkers = 2\n[http]\nroot = www\nmax_headers = 50\n"
                        + "[server a]\nlisten = 80\n");
        SluiceConfig config = ConfigLoader.load(file, directory.resolve("prefix"),
                List.of("workers=7", "http.max_headers = 60", "error_log=e.log warn")).config();
        assertEquals(7, config.main().workers());
        assertEquals(60, config.http().maxHeaders());
        assertEquals(directory + "/prefix/www",
                config.servers().getFirst().fallback().statics().root());
        assertEquals(directory + "/prefix/e.log", config.main().errorLog().path());
    }

    @Test
    void aDirectoryThatHasGoneDoesNotStopAWorker() throws IOException {
        Path root = Files.createDirectory(directory.resolve("gone"));
        String text = "[server a]\nlisten = 80\nroot = " + root + "\n";
        SluiceConfig config = ConfigLoader.loadText(text, directory).config();
        Path image = Files.write(directory.resolve("gen.image"),
                WorkerImage.of(config, directory));
        Files.delete(root);
        assertNull(ConfigLoader.loadText(text, directory).config());
        assertEquals(config, WorkerImage.read(image).config());
    }

    @Test
    void anImageThatCannotBeReadNamesItsFileAndTheCure() throws IOException {
        Path image = Files.writeString(directory.resolve("gen.image"), "[server a]\n");
        IOException e = assertThrows(IOException.class, () -> WorkerImage.read(image));
        assertEquals(image + ": it is no image of a configuration"
                + " (after a new package: sluice -s upgrade)", e.getMessage());
    }

    @Test
    void theEffectiveTextNamesTheOrigin() throws IOException {
        Files.writeString(directory.resolve("inc.ini"), "root = www\n");
        String text = ConfigLoader.loadText(
                "[http]\ninclude = inc.ini\n[server a]\nlisten = 80\n", directory).effectiveText();
        assertTrue(text.contains("root = " + directory + "/www  ; " + directory + "/inc.ini:1\n"),
                text);
        assertTrue(text.contains("[server a]  ; " + directory + "/text:3\n"), text);
        assertTrue(text.contains("workers = "), text);
    }
}
