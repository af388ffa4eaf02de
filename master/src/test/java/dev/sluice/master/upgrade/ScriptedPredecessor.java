package dev.sluice.master.upgrade;

import dev.sluice.master.system.Posix;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** An old master that is played: it says what a test says, and ends when a test says so. */
public final class ScriptedPredecessor {

    /** Longer than any test; it ends by {@link #die} or by what the new master sends it. */
    private static final String LIFE_SECONDS = "120";

    private final LineLink link;
    private final int theirs;

    /** Stands for the old master where signals are concerned. */
    private final Process process = new ProcessBuilder("sleep", LIFE_SECONDS).start();

    /** Offers no sockets, and generation 7 as its last. */
    public ScriptedPredecessor(Path folder) throws IOException {
        int[] pair = Posix.socketPair();
        link = new LineLink(pair[0]);
        theirs = pair[1];
        say("OFFER", Long.toString(process.pid()), "7", folder.toString(),
                folder.resolve("sluice.pid").toString(), folder.resolve("out").toString());
        say("LANE", "0");
        say("SOMETHING", "that only a later program understands");
        say("END");
    }

    /** What the new master makes of the offer. */
    public Predecessor offered() throws IOException {
        return Predecessor.of(Map.of(NewProgram.VARIABLE, Integer.toString(theirs)));
    }

    public void say(String... words) {
        link.send(List.of(words));
    }

    /** Waits for the next line of the new master. @return its words; null at the end */
    public List<String> hear() {
        return link.read();
    }

    /** Ends as a killed process does: what was said is there, and nothing follows. */
    public void die() {
        process.destroyForcibly();
        link.finish();
        link.close();
    }
}
