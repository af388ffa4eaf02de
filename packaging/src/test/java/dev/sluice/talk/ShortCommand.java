package dev.sluice.talk;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** A command of the launcher that ends by itself: its exit code and what it wrote. */
record ShortCommand(int exitCode, String output) {

    /** {@code sluice -c FILE -s WORD}, waited for. */
    static ShortCommand ask(RunningSluice sluice, String word)
            throws IOException, InterruptedException {
        return run("-c", sluice.configuration().toString(), "-s", word);
    }

    /** {@code sluice WORDS}, waited for. */
    static ShortCommand run(String... words) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(RunningSluice.command(words))
                .redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(
                process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(Await.PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError(String.join(" ", words) + " does not end: " + output);
        }
        return new ShortCommand(process.exitValue(), output);
    }

    /** All of these are in the output, in this order. */
    void expect(int code, String... words) {
        int from = 0;
        for (String word : words) {
            int at = output.indexOf(word, from);
            if (at < 0) {
                throw new AssertionError("no \"" + word + "\" in: " + output);
            }
            from = at + word.length();
        }
        if (exitCode != code) {
            throw new AssertionError("exit code " + exitCode + ", not " + code + ": " + output);
        }
    }
}
