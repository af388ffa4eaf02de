package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What {@code sluice explain} and {@code sluice diff} say is what a worker does. */
final class ExplainIT {

    private static final String[] SEGMENTS = {"a", "b", "ab", "api", "x.php", "1"};
    private static final String[] HOSTS = {"one.test", "two.test", "www.two.test", "three.test",
        "x.one.test", "nobody.test"};
    private static final int REQUESTS = 200;

    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);

    /** Locations of all kinds that answer with their own names. */
    private String servers() {
        var text = new StringBuilder();
        String[] names = {"one.test *.one.test", "two.test www.*", "~^(three|x)[.]"};
        for (int s = 0; s < names.length; s++) {
            text.append("[server s").append(s).append("]\nlisten = 127.0.0.1:@PORT@\n")
                    .append("server_name = ").append(names[s]).append('\n');
            if (random.nextBoolean()) {
                text.append("rewrite = ^/b/(.*)$ /").append(segment()).append("/$1\n");
            }
            var taken = new ArrayList<String>();
            for (int i = 0; i < 12; i++) {
                String pattern = pattern();
                if (!taken.contains(pattern)) {
                    taken.add(pattern);
                    text.append("[location s").append(s).append(' ').append(pattern)
                            .append("]\n").append(content(s + "." + i, pattern));
                }
            }
        }
        return text.toString();
    }

    private String segment() {
        return SEGMENTS[random.nextInt(SEGMENTS.length)];
    }

    private String path() {
        return "/" + segment() + (random.nextBoolean() ? "/" + segment() : "")
                + (random.nextInt(3) == 0 ? "/" : "");
    }

    private String pattern() {
        return switch (random.nextInt(6)) {
            case 0 -> "= " + path();
            case 1 -> "^~ " + path();
            case 2 -> "~ ^/" + segment() + ".*" + segment();
            case 3 -> "/" + segment() + "/{p}";
            default -> path();
        };
    }

    private String content(String name, String pattern) {
        String condition = random.nextInt(4) == 0 ? "when = $arg_k == 1\n" : "";
        String methods = random.nextInt(6) == 0 ? "methods = POST\n" : "";
        return condition + methods + switch (random.nextInt(4)) {
            case 0 -> "return = 302 http://to.test/" + name + "\n";
            case 1 -> "rewrite = ^/(.*)/(.*)$ /$2 last\nreturn = 201 " + name + "\n";
            case 2 -> "proxy_pass = http://app"
                    + (pattern.matches(".*[~{].*") ? "" : "/" + name + "/") + "\n";
            default -> "return = 200 " + name + "\n";
        };
    }

    @Test
    void explainAgreesWithAWorker() throws Exception {
        try (var peer = ScriptedUpstream.answering("hello");
                var sluice = RunningSluice.with("[upstream app]\nserver = " + peer.address() + "\n"
                        + servers()).start()) {
            var questions = new ArrayList<String>();
            var answers = new ArrayList<String>();
            for (int i = 0; i < REQUESTS; i++) {
                String host = HOSTS[random.nextInt(HOSTS.length)];
                String target = path() + (random.nextInt(3) == 0 ? "?k=1" : "");
                questions.add("GET http://" + host + ":" + sluice.port() + target);
                try (var client = sluice.client()) {
                    Response response = client.request("GET " + target + " HTTP/1.1",
                            "Host: " + host + ":" + sluice.port()).response();
                    answers.add(seen(response, peer));
                }
            }
            List<String> told = explain(sluice.configuration(), questions);
            for (int i = 0; i < REQUESTS; i++) {
                String[] words = told.get(i).split("\" ", 2);
                assertEquals(answers.get(i), words[1].replaceFirst("^app ", "passed on "),
                        "seed " + seed + ": " + questions.get(i) + " is " + told.get(i) + "\n"
                                + Files.readString(sluice.configuration()));
            }
        }
    }

    /** As {@code --brief} says it, without the names of server and location. */
    private static String seen(Response response, ScriptedUpstream peer) throws Exception {
        if (response.status() == 200 && new String(response.body(), StandardCharsets.UTF_8)
                .equals("hello")) {
            String line = peer.heads().getLast().lines().findFirst().orElseThrow();
            return "passed on " + line.split(" ")[1];
        }
        String to = response.field("Location");
        return response.status() + (to == null ? "" : " " + to);
    }

    private static List<String> explain(Path file, List<String> questions) throws Exception {
        Path input = Files.createTempFile("questions", ".txt");
        Files.write(input, questions);
        Process process = new ProcessBuilder(RunningSluice.command("explain", "-c",
                file.toString(), "--brief", "-")).redirectInput(input.toFile())
                .redirectErrorStream(true).start();
        List<String> lines = new String(process.getInputStream().readAllBytes(),
                StandardCharsets.UTF_8).lines().toList();
        assertEquals(0, process.waitFor(), () -> String.join("\n", lines));
        Files.delete(input);
        return lines;
    }

    @Test
    void diffTellsWhichRequestsOfALogMove() throws Exception {
        try (var sluice = RunningSluice.with("""
                [server s]
                listen = 127.0.0.1:@PORT@
                [location s /a/]
                return = 200 a
                [location s /b/]
                return = 200 b
                """).start(); var client = sluice.client()) {
            for (String path : List.of("/a/1", "/a/2", "/b/1", "/c")) {
                client.get(path).response();
            }
            sluice.awaitAccessLog(4);
            String file = sluice.configuration().toString();
            Path other = sluice.folder().resolve("other.ini");
            Files.writeString(other, Files.readString(sluice.configuration())
                    .replace("[location s /b/]", "[location s /a/2]").replace("200 a", "201 a"));
            ShortCommand.run("diff", "--log", sluice.folder().resolve("access.log").toString(),
                    file, other.toString()).expect(0, "location  ~ s /a/", "ret.status: 200 -> 201",
                    "location  + s /a/2", "location  - s /b/", "changes with a reload",
                    " (60.00 %) would go elsewhere", "s \"/a/\" 200 -> s \"/a/\" 201");
            ShortCommand.run("diff", file, file).expect(0, "Both mean the same.");
        }
    }

    @Test
    void liveIsWhatServesAndNotTheFile() throws Exception {
        try (var sluice = RunningSluice.with("""
                [upstream app]
                server = 127.0.0.1:@PORT:closed@
                health_check = type=tcp interval=100ms fall=1
                [server s]
                listen = 127.0.0.1:@PORT@
                [location s /a/]
                proxy_pass = http://app
                """).start()) {
            sluice.awaitErrorLog("127.0.0.1:" + sluice.port("closed"));
            String file = sluice.configuration().toString();
            Files.writeString(sluice.configuration(), Files.readString(sluice.configuration())
                    .replace("[location s /a/]", "[location s /b/]"));
            String request = "GET http://h:" + sluice.port() + "/a/x";
            ShortCommand.run("explain", "-c", file, request).expect(0, "none fits /a/x");
            ShortCommand.run("explain", "--live", "-c", file, request).expect(0, "generation 1",
                    "location   /a/", "127.0.0.1:" + sluice.port("closed")
                            + " down by health checks");
            ShortCommand.run("explain", "--live", "-c", file, "-g", "run_directory="
                    + sluice.folder().resolve("nobody"), request).expect(4, "no worker runs");
        }
    }

    @Test
    void aPortThatNobodyListensOnIsAnError() throws Exception {
        Path file = Files.createTempFile("explain", ".ini");
        Files.writeString(file, "[server s]\nlisten = 127.0.0.1:8081\nlisten = 0.0.0.0:80\n");
        ShortCommand.run("explain", "-c", file.toString(), "GET http://127.0.0.1:8089/").expect(1,
                "[error] nothing listens at 127.0.0.1:8089",
                "help: the file has 127.0.0.1:8081, 0.0.0.0:80");
        Files.delete(file);
    }

    @Test
    void whatIsWrongIsSaid() throws Exception {
        ShortCommand.run("explain", "GET http://h/", "x").expect(64, "unexpected \"x\"");
        ShortCommand.run("explain", "--from", "bogus", "GET http://h/").expect(64,
                "\"bogus\" is no address of a client", "such as 192.0.2.7");
        ShortCommand help = ShortCommand.run("explain", "--help");
        help.expect(0, "--from IP");
        assertTrue(help.output().startsWith("sluice explain"), help.output());
    }
}
