package dev.sluice.talk;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** OpenSSL's command line at the other end of a handshake. */
final class OpenSsl {

    /** What it prints while it takes connections. */
    private static final String LISTENING = "ACCEPT";

    private OpenSsl() {
    }

    private static ProcessBuilder command(String words) {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(words.strip().split(" +")));
        return new ProcessBuilder(command).redirectErrorStream(true);
    }

    /** Runs a command to its end. @return what it printed */
    static String run(String words) throws IOException, InterruptedException {
        Processes.Ended ended = Processes.run(command(words).command());
        if (ended.exitCode() != 0) {
            throw new AssertionError("openssl " + words + "\n" + ended.output());
        }
        return ended.output();
    }

    /** Makes NAME.crl, where that authority has revoked a certificate; all are in the folder. */
    static void revoke(Path folder, String authority, String revoked)
            throws IOException, InterruptedException {
        Path settings = folder.resolve(authority + ".cnf");
        Path issuer = folder.resolve(authority);
        Files.createFile(folder.resolve(authority + ".index"));
        Files.writeString(settings, "[ca]\ndefault_ca = only\n[only]\ndefault_md = sha256\n"
                + "database = " + issuer + ".index\n");
        String by = "ca -config " + settings + " -keyfile " + issuer + ".key -cert " + issuer
                + ".crt";
        run(by + " -revoke " + folder.resolve(revoked + ".crt"));
        run(by + " -gencrl -crldays 3 -out " + issuer + ".crl");
    }

    /**
     * Shakes hands, asks for / of the host that {@code -servername} names, and waits for the other
     * side to close.
     *
     * @param options of {@code openssl s_client}, separated by spaces
     * @return everything it printed: what it thinks of the connection, and the answer
     */
    static String client(int port, String options) throws IOException, InterruptedException {
        String host = options.contains("-servername ")
                ? options.replaceAll(".*-servername (\\S+).*", "$1") : "any";
        Process client = command("s_client -ign_eof -connect 127.0.0.1:" + port + " " + options)
                .start();
        try {
            client.getOutputStream().write(
                    ("GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            client.getOutputStream().close();
        } catch (IOException refused) {
            // It has ended before it read; what it printed says why.
            client.getOutputStream();
        }
        String output = new String(client.getInputStream().readAllBytes(),
                StandardCharsets.ISO_8859_1)
                .replaceAll("(?s)-----BEGIN.*?-----END[^\n]*", "a certificate");
        if (!client.waitFor(Await.PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            client.destroyForcibly();
            throw new AssertionError("does not end: " + options + "\n" + output);
        }
        return output;
    }

    /** A server that answers each request with a page about its connection, until it is closed. */
    static final class Server implements AutoCloseable {
        private final Process process;

        /** @param options of {@code openssl s_server}, separated by spaces */
        Server(int port, String options) throws IOException {
            process = command("s_server -www -accept 127.0.0.1:" + port + " " + options).start();
            var said = new StringBuilder();
            while (said.indexOf(LISTENING) < 0) {
                int b = process.getInputStream().read();
                if (b < 0) {
                    throw new AssertionError("s_server " + options + "\n" + said);
                }
                said.append((char) b);
            }
        }

        boolean isAlive() {
            return process.isAlive();
        }

        @Override
        public void close() {
            process.destroy();
        }
    }
}
