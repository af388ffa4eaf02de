package dev.sluice.talk;

import dev.sluice.common.config.HttpKeys;
import dev.sluice.common.config.LoadedConfig;
import dev.sluice.common.config.LocationConfig.Match;
import dev.sluice.common.config.ProcessKeys;
import dev.sluice.common.config.SectionKind;
import dev.sluice.common.config.SluiceConfig;
import dev.sluice.master.EmbeddedMaster;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A program that has a Sluice of its own: it starts it, asks it, changes its configuration and ends
 * it. The words are the folder of the distribution and one for files.
 */
public final class EmbeddedExample {

    private static final String ADDRESS = "127.0.0.1:0";

    private EmbeddedExample() {
    }

    private static LoadedConfig config(Path folder, String answer) {
        return SluiceConfig.builder(folder)
                .section(SectionKind.MAIN, s -> s
                        .set(ProcessKeys.WORKERS, 1)
                        .set(ProcessKeys.WARMUP, Duration.ZERO)
                        .set(ProcessKeys.RUN_DIRECTORY, "run")
                        .set(ProcessKeys.ERROR_LOG, "error.log"))
                .section(SectionKind.SERVER, "www", s -> s.add(HttpKeys.LISTEN, ADDRESS))
                .location("www", Match.PREFIX, "/", s -> s.set(HttpKeys.RETURN, "200 " + answer))
                .load();
    }

    public static void main(String[] words) throws IOException {
        Path home = Path.of(words[0]);
        Path folder = Path.of(words[1]);
        try (EmbeddedMaster sluice = EmbeddedMaster.start(config(folder, "first"), home)) {
            int port = sluice.port(ADDRESS);
            System.out.println(get(port));
            System.out.println(sluice.reload(config(folder, "second")));
            System.out.println(get(sluice.port(ADDRESS)));
            try {
                sluice.reload(config(folder, "$nonsense"));
            } catch (IllegalArgumentException bad) {
                System.out.println(bad.getMessage());
            }
            System.out.println(get(port));
            try {
                EmbeddedMaster.start(config(folder, "other"), home).close();
            } catch (IOException taken) {
                System.out.println("another: " + taken.getMessage());
            }
            sluice.quit();
        }
        System.out.println("ended");
    }

    private static String get(int port) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.getOutputStream().write(
                    "GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            String answer = new String(
                    socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            return answer.substring(answer.indexOf("\r\n\r\n") + 4);
        }
    }
}
