package dev.sluice.master.top;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** How large the terminal is, in characters. Immutable. */
record Terminal(int width, int height) {

    private static final int LEAST = 20;

    /** Asks stty(1) about what this process reads from; these where it is no terminal. */
    static Terminal ofThisProcess(int width, int height) {
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(ProcessBuilder.Redirect.INHERIT)
                    .redirectError(ProcessBuilder.Redirect.DISCARD).start();
            String said = new String(stty.getInputStream().readAllBytes(),
                    StandardCharsets.US_ASCII).strip();
            if (said.matches("\\d{1,4} \\d{1,4}")) {
                String[] rowsAndColumns = said.split(" ");
                return new Terminal(Math.max(LEAST, Integer.parseInt(rowsAndColumns[1])),
                        Math.max(LEAST, Integer.parseInt(rowsAndColumns[0])));
            }
        } catch (IOException none) {
            // There is no such program: most terminals have room for this.
            return new Terminal(width, height);
        }
        return new Terminal(width, height);
    }
}
