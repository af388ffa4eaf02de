package dev.sluice.master.upgrade;

import dev.sluice.common.config.ConfigLoader;
import dev.sluice.common.config.SluiceConfig;
import dev.sluice.master.command.ExitCode;
import dev.sluice.master.command.Reply;
import dev.sluice.master.system.Posix;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * The new master's side of an upgrade: what the old one offers, and what is told to it. When the
 * old master ends before it has said GO, it was killed, since it would otherwise have killed this
 * process: then this one goes on alone, and so it does in each later step. One that hangs decides
 * nothing: its workers and these serve side by side until it goes on or ends. Owner: master loop.
 */
public final class Predecessor {

    /** Copies of what the old master's output and error output are; see {@link NewProgram}. */
    public static final int OUT = NewProgram.LINK + 1;

    public static final int ERR = NewProgram.LINK + 2;
    private static final int SIGINT = 2;
    private static final int SIGUSR1 = 10;

    /** What comes with YOURS. */
    public record Legacy(
            long respawns, long done, long rejected, long rolledBack, Path totals,
            List<Path> counters) {
        /** The old master was killed before it could say. */
        public static final Legacy NONE = new Legacy(0, 0, 0, 0, null, List.of());
    }

    /** What the old master asks this one, when that has taken over. */
    public interface Requests {
        /** To be answered by {@link #scraped}. */
        void metrics(String id);

        void reload(Reply reply);

        /** The old one is no longer the master in the eyes of anybody. */
        void alone();

        /** Its process has ended. */
        void ended();
    }

    private final LineLink link;
    private final Map<String, List<Integer>> sockets = new LinkedHashMap<>();
    private final List<Integer> lanes = new ArrayList<>();
    private final List<SluiceConfig> configs = new ArrayList<>();
    private long pid;
    private int generation;
    private String runDirectory = "";
    private String pidFile = "";
    private Path output;
    private boolean ended;
    private boolean said;
    private boolean failed;
    private Runnable go;
    private Consumer<Legacy> yours;
    private Requests requests;

    private Predecessor(LineLink link) {
        this.link = link;
    }

    /**
     * @return null when this process was not started by another master
     * @throws IOException it was, but what is offered cannot be read
     */
    public static Predecessor of(Map<String, String> environment) throws IOException {
        String descriptor = environment.getOrDefault(NewProgram.VARIABLE, "");
        if (!descriptor.matches("[0-9]{1,4}")) {
            return null;
        }
        Predecessor old = new Predecessor(new LineLink(Integer.parseInt(descriptor)));
        try {
            old.readOffer();
        } catch (IllegalArgumentException | IndexOutOfBoundsException wrong) {
            throw new IOException("the old master's offer cannot be read: " + wrong, wrong);
        }
        return old;
    }

    private void readOffer() throws IOException {
        List<String> words = link.read();
        while (words != null && !words.getFirst().equals("END")) {
            switch (words.getFirst()) {
                case "OFFER" -> {
                    pid = Long.parseLong(words.get(1));
                    generation = Integer.parseInt(words.get(2));
                    runDirectory = words.get(3);
                    pidFile = words.get(4);
                    output = Path.of(words.get(5));
                }
                case "LANE" -> lanes.add(Integer.parseInt(words.get(1)));
                case "CONFIG" -> {
                    SluiceConfig config = ConfigLoader.load(
                            Path.of(words.get(1)), null, List.of()).config();
                    if (config != null) {
                        configs.add(config);
                    }
                }
                case "LISTEN" -> sockets.put(words.get(1),
                        words.stream().skip(2).map(Integer::valueOf).toList());
                default -> { }
            }
            words = link.read();
        }
        if (words == null) {
            throw new IOException("the old master ended while it offered its sockets");
        }
    }

    /** Begins to listen to it. @param loop runs what it causes */
    public void start(Executor loop, Requests toAnswer) {
        requests = toAnswer;
        link.start(
                words -> loop.execute(() -> said(words)), () -> loop.execute(this::ended));
    }

    private void said(List<String> words) {
        switch (words.getFirst()) {
            case "GO" -> goOn();
            case "YOURS" -> take(legacy(words));
            case "ALONE" -> requests.alone();
            case "SCRAPE" -> requests.metrics(words.getLast());
            case "RELOAD" -> requests.reload(new Answer(words.getLast()));
            default -> { }
        }
    }

    /** The way of an outcome back to whoever asked the old master. */
    private final class Answer implements Reply {
        private final String id;

        private Answer(String id) {
            this.id = id;
        }

        @Override
        public void line(String text) {
            text.lines().forEach(line -> link.send(List.of("TOLD", id, line)));
        }

        @Override
        public void end(ExitCode code) {
            link.send(List.of("RELOADED", id, Integer.toString(code.number())));
        }
    }

    /** Answers {@link Requests#metrics}; any thread. */
    public void scraped(String id, byte[] text) {
        link.send(List.of("SCRAPED", id, Base64.getEncoder().encodeToString(text)));
    }

    private static Legacy legacy(List<String> words) {
        return new Legacy(
                Long.parseLong(words.get(1)), Long.parseLong(words.get(2)),
                Long.parseLong(words.get(3)), Long.parseLong(words.get(4)),
                words.get(5).isEmpty() ? null : Path.of(words.get(5)),
                words.stream().skip(6).map(Path::of).toList());
    }

    private void goOn() {
        Runnable next = go;
        go = null;
        if (next != null) {
            next.run();
        }
    }

    private void take(Legacy legacy) {
        Consumer<Legacy> next = yours;
        yours = null;
        if (next != null) {
            next.accept(legacy);
        }
    }

    private void ended() {
        ended = true;
        if (!failed) {
            goOn();
            if (said) {
                take(Legacy.NONE);
            }
        }
        requests.ended();
    }

    /** The numbers of inherited sockets by the key of their address. */
    public Map<String, List<Integer>> sockets() {
        return sockets;
    }

    /** The lanes of its workers. */
    public List<Integer> lanes() {
        return lanes;
    }

    /** What its workers serve. */
    public List<SluiceConfig> configs() {
        return configs;
    }

    /** The number of its last generation. */
    public int generation() {
        return generation;
    }

    public long pid() {
        return pid;
    }

    /** Whether its process lives. */
    public boolean lives() {
        return !ended;
    }

    /** Why a configuration cannot take over from it, or null. */
    public String refusal(String itsRunDirectory, String itsPidFile) {
        if (!runDirectory.equals(itsRunDirectory)) {
            return "run_directory cannot change at an upgrade: " + runDirectory + " -> "
                    + itsRunDirectory;
        }
        return pidFile.equals(itsPidFile) ? null
                : "pid cannot change at an upgrade: " + pidFile + " -> " + itsPidFile;
    }

    /** Says that there will be no upgrade; this process is about to end. */
    public void failed(ExitCode code, String reason) {
        failed = true;
        link.send(List.of("FAILED", Integer.toString(code.number()), reason));
        link.finish();
    }

    /** The workers stand ready. @param next puts them into service, when the old one agrees */
    public void ready(String what, Runnable next) {
        if (ended) {
            next.run();
            return;
        }
        go = next;
        link.send(List.of("READY", what));
    }

    /**
     * The workers serve.
     *
     * @param next is given what the old master counted, when the pid file is free
     */
    public void serving(String generationServes, List<String> keys, Consumer<Legacy> next) {
        said = true;
        if (ended) {
            next.accept(Legacy.NONE);
            return;
        }
        yours = next;
        List<String> words = new ArrayList<>(List.of("SERVING", generationServes));
        words.addAll(keys);
        link.send(words);
    }

    /** This is the master now. */
    public void done() {
        link.send(List.of("DONE"));
    }

    /** Where this process has printed until now. */
    public Path output() {
        return output;
    }

    /** It ends its workers at once. */
    public void stop() {
        signal(SIGINT);
    }

    public void reopenLogs() {
        signal(SIGUSR1);
    }

    private void signal(int number) {
        if (!ended) {
            Posix.kill(pid, number);
        }
    }
}
