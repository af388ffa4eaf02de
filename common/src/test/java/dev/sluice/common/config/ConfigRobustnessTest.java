package dev.sluice.common.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever a file says, loading reports and does not throw; and whatever it accepts, the effective
 * text says the same. Files are made from good ones by random slips.
 */
class ConfigRobustnessTest {

    private static final String SLIPS = "[]=;#\"'\\$ {}\n\t:/~^*%0x-.,\u00e4\u0000";
    private static final int ROUNDS = 3_000;

    @TempDir
    Path directory;

    @Test
    void slipsAreReportedOrAccepted() throws IOException {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        Path conf = ConfDirectory.path();
        List<String> good = List.of(
                Files.readString(conf.resolve("quickstart.ini")),
                Files.readString(conf.resolve("examples/reverse-proxy.ini")),
                Files.readString(conf.resolve("examples/rewrite-redirect.ini")),
                Files.readString(conf.resolve("sluice.ini")).replaceAll("(?m)^#(?=[a-z\\[])", ""));
        int accepted = 0;
        for (int round = 0; round < ROUNDS; round++) {
            // Included files would be read from anywhere a slip points at.
            String text = slip(good.get(round % good.size()).replaceAll("include = .*\n", ""),
                    random);
            try {
                LoadedConfig loaded = ConfigLoader.loadText(text, conf);
                if (loaded.config() != null) {
                    accepted++;
                    sameAgain(loaded);
                }
            } catch (RuntimeException | AssertionError e) {
                fail("seed " + seed + " round " + round + ":\n" + text, e);
            }
        }
        assertTrue(accepted > ROUNDS / 20, "accepted: " + accepted);
    }

    private void sameAgain(LoadedConfig loaded) throws IOException {
        SameConfig.insist(loaded, directory);
    }

    private static String slip(String text, Random random) {
        StringBuilder out = new StringBuilder(text);
        for (int slips = 1 + random.nextInt(3); slips > 0; slips--) {
            int at = random.nextInt(out.length());
            char c = SLIPS.charAt(random.nextInt(SLIPS.length()));
            switch (random.nextInt(4)) {
                case 0 -> out.insert(at, c);
                case 1 -> out.setCharAt(at, c);
                case 2 -> out.delete(at, Math.min(out.length(), at + 1 + random.nextInt(6)));
                default -> {
                    int from = random.nextInt(out.length());
                    int to = Math.min(out.length(), from + random.nextInt(40));
                    out.insert(at, out.substring(from, to));
                }
            }
        }
        return out.toString();
    }
}
