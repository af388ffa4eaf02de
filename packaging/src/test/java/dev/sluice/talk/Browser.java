package dev.sluice.talk;

import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;

/**
 * A real browser without a window, which shows one page and says what scripts find there. It is
 * told so by the DevTools protocol (chromedevtools.github.io/devtools-protocol); it takes any
 * certificate, and asks nobody but this machine.
 */
final class Browser implements AutoCloseable {

    private static final List<Path> PROGRAMS = List.of(
            Path.of("/usr/lib/chromium/chromium-headless-shell"),
            Path.of("/usr/lib/chromium/chromium"));

    private static final String FLAGS = "--headless --no-sandbox --disable-gpu --no-first-run"
            + " --ignore-certificate-errors --disable-background-networking"
            + " --disable-component-update --disable-sync --disable-dev-shm-usage"
            + " --no-proxy-server --remote-debugging-port=0 --user-data-dir=";
    private static final String NOBODY_ELSE =
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost";

    private static final int PHONE_WIDTH = 600;
    private static final Pattern LISTENING =
            Pattern.compile("DevTools listening on (ws://127\\.0\\.0\\.1:\\d+/)(\\S+)");
    private static final Pattern TARGET = Pattern.compile("\"targetId\":\"([^\"]+)\"");
    private static final Pattern VALUE = Pattern.compile("\"value\":\"([^\"]*)\"");

    private final TestFolder folder = TestFolder.create();
    private final Process process;
    private final HttpClient client = HttpClient.newHttpClient();
    private final Talk page;

    private Browser(Path program) throws Exception {
        Path said = folder.path().resolve("output");
        var command = new ArrayList<String>();
        command.add(program.toString());
        command.addAll(List.of((FLAGS + folder.path().resolve("profile")).split(" ")));
        command.add(NOBODY_ELSE);
        command.add("about:blank");
        process = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(said.toFile()).start();
        try {
            page = new Talk(target(said));
            page.command("Page.enable", "{}");
            page.command("Runtime.enable", "{}");
            page.command("Log.enable", "{}");
        } catch (Exception | AssertionError failed) {
            end();
            throw failed;
        }
    }

    /** Skips the test where no browser is installed. */
    static Browser open() throws Exception {
        Path program = PROGRAMS.stream().filter(Files::isExecutable).findFirst().orElse(null);
        Assumptions.assumeTrue(program != null,
                "no browser here: apt-get install chromium-headless-shell, or chromium");
        return new Browser(program);
    }

    /** A page of the browser's, as an address to talk to. */
    private String target(Path said) throws Exception {
        Matcher[] found = new Matcher[1];
        Await.that("a browser that listens", () -> {
            found[0] = LISTENING.matcher(Files.readString(said));
            return found[0].find() || ended(said);
        });
        Talk whole = new Talk(found[0].group(1) + found[0].group(2));
        Matcher target = TARGET.matcher(
                whole.command("Target.createTarget", "{\"url\":\"about:blank\"}"));
        if (!target.find()) {
            throw new AssertionError("the browser opens no page");
        }
        return found[0].group(1) + "devtools/page/" + target.group(1);
    }

    private boolean ended(Path said) throws IOException {
        if (!process.isAlive()) {
            throw new AssertionError("the browser has ended: " + Files.readString(said));
        }
        return false;
    }

    /** Goes to a page and waits until it has been loaded, with what it names. */
    void go(String url) throws Exception {
        page.loads.clear();
        String answer = page.command("Page.navigate", "{\"url\":" + quoted(url) + "}");
        if (answer.contains("\"errorText\"")) {
            throw new AssertionError(url + ": " + answer);
        }
        if (page.loads.poll(Await.PATIENCE_SECONDS, TimeUnit.SECONDS) == null) {
            throw new AssertionError(url + " is not loaded; " + complaints());
        }
    }

    /** The size of the window in pixels; a narrow one is a phone's. */
    void size(int width, int height) throws Exception {
        page.command("Emulation.setDeviceMetricsOverride", "{\"width\":" + width
                + ",\"height\":" + height + ",\"deviceScaleFactor\":1,\"mobile\":"
                + (width < PHONE_WIDTH) + "}");
    }

    /** Writes a picture of the whole page (PNG). */
    void picture(Path file) throws Exception {
        String answer = page.command("Page.captureScreenshot",
                "{\"format\":\"png\",\"captureBeyondViewport\":true}");
        int from = answer.indexOf("\"data\":\"") + "\"data\":\"".length();
        Files.createDirectories(file.getParent());
        Files.write(file, Base64.getDecoder().decode(
                answer.substring(from, answer.indexOf('"', from))));
    }

    /** @return the value of an expression in the page, as text; of a promise, what it brings */
    String value(String expression) throws Exception {
        String script = "(async()=>encodeURIComponent(String(await(" + expression + "))))()";
        String answer = page.command("Runtime.evaluate", "{\"expression\":" + quoted(script)
                + ",\"awaitPromise\":true,\"returnByValue\":true}");
        Matcher value = VALUE.matcher(answer);
        if (answer.contains("\"exceptionDetails\"") || !value.find()) {
            throw new AssertionError(expression + ": " + answer);
        }
        // What encodeURIComponent leaves is never '+', which URLDecoder takes for a space.
        return URLDecoder.decode(value.group(1), StandardCharsets.UTF_8);
    }

    /** Waits until an expression is true in the page. */
    void awaits(String condition) {
        try {
            Await.that(condition, () -> value(condition).equals("true"));
        } catch (AssertionError failed) {
            throw new AssertionError(failed.getMessage() + "; " + complaints(), failed);
        }
    }

    /** What it has put on its console as an error since it was opened: failed loads, exceptions. */
    List<String> complaints() {
        return List.copyOf(page.complaints);
    }

    @Override
    public void close() {
        end();
    }

    private void end() {
        client.shutdownNow();
        process.destroy();
        // Processes of its own may write into their profile for a moment yet.
        Await.that("the browser's processes gone",
                () -> !process.isAlive() && Processes.naming(folder.path()).isEmpty());
        folder.delete();
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
    }

    /** One connection of the protocol: a command at a time, and the events between. */
    private final class Talk implements WebSocket.Listener {

        private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
        private final BlockingQueue<String> loads = new LinkedBlockingQueue<>();
        private final Queue<String> complaints = new ConcurrentLinkedQueue<>();
        private final StringBuilder parts = new StringBuilder();
        private final WebSocket socket;
        private int commands;

        Talk(String address) {
            socket = client.newWebSocketBuilder().buildAsync(URI.create(address), this).join();
        }

        /** @return the answer, with its id and result, as JSON */
        String command(String method, String parameters) throws InterruptedException {
            commands++;
            String id = "\"id\":" + commands;
            socket.sendText("{" + id + ",\"method\":\"" + method + "\",\"params\":" + parameters
                    + "}", true).join();
            String answer = answers.poll(Await.PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (answer == null || !answer.startsWith("{" + id + ",\"result\"")) {
                throw new AssertionError(method + " " + parameters + ": " + answer);
            }
            return answer;
        }

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
            parts.append(part);
            if (last) {
                message(parts.toString());
                parts.setLength(0);
            }
            from.request(1);
            return null;
        }

        private void message(String text) {
            if (text.startsWith("{\"id\":")) {
                answers.add(text);
            } else if (text.startsWith("{\"method\":\"Page.loadEventFired\"")) {
                loads.add(text);
            } else if (text.startsWith("{\"method\":\"Runtime.exceptionThrown\"")
                    || text.startsWith("{\"method\":\"Log.entryAdded\"")
                    && text.contains("\"level\":\"error\"")) {
                complaints.add(text);
            }
        }
    }
}
