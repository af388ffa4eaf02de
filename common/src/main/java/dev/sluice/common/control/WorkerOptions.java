package dev.sluice.common.control;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The command line of a worker, as the master writes it and the worker reads it.
 *
 * <pre>
 *   slot=0 generation=7 config=/run/sluice/gen-7.image counters=/run/sluice/counters/slot0-gen7.ctr
 *   zones=/run/sluice/zones lane=12 warmup=300 statics=1 control=3 fds=4 files=5
 *   listen=0.0.0.0:80@6
 * </pre>
 *
 * @param slot which of the listening sockets are this worker's; also its number in the logs
 * @param generation which configuration, counted from 1 by the master
 * @param config the effective configuration, readable by the worker's user
 * @param counters the counter file, made by the master, written by this worker alone
 * @param zones the folder with the state that all workers share, made by the master
 * @param lane this process's own part of that state: unique among all living workers of all
 *     generations, below {@link #LANES_MAX}
 * @param warmupMs how long it serves itself at most before it says that it is ready; 0: not at all
 * @param statics whether its configuration serves files: it need not have read it to know, and
 *     links meanwhile what they are opened with
 * @param controlFd stream socket of {@link ControlMessage}s; its EOF means that the master is gone
 * @param descriptorFd stream socket that carries descriptors only: the call that receives a
 *     descriptor swallows plain bytes, so the two cannot share one
 * @param filesFd content of files that the worker may not open itself, as {@code HandedFiles};
 *     {@link #NO_FILES} for none
 * @param listens inherited listening sockets, already listening and non-blocking. One key may occur
 *     more than once: a worker also serves the sockets of slots that no longer have a worker.
 */
public record WorkerOptions(
        int slot,
        int generation,
        Path config,
        Path counters,
        Path zones,
        int lane,
        long warmupMs,
        boolean statics,
        int controlFd,
        int descriptorFd,
        int filesFd,
        List<ListenFd> listens) {

    /** {@link #filesFd}: there are none. */
    public static final int NO_FILES = -1;

    /** No more workers live at once: four generations of as many as may be configured. */
    public static final int LANES_MAX = 1024;

    /** One inherited listening socket: {@code ListenConfig.key()} and its descriptor. */
    public record ListenFd(String key, int fd) {}

    public WorkerOptions {
        listens = List.copyOf(listens);
    }

    /** The words of the command line, one option each. */
    public List<String> format() {
        List<String> words = new ArrayList<>();
        words.add("slot=" + slot);
        words.add("generation=" + generation);
        words.add("config=" + config);
        words.add("counters=" + counters);
        words.add("zones=" + zones);
        words.add("lane=" + lane);
        words.add("warmup=" + warmupMs);
        words.add("statics=" + (statics ? 1 : 0));
        words.add("control=" + controlFd);
        words.add("fds=" + descriptorFd);
        if (filesFd != NO_FILES) {
            words.add("files=" + filesFd);
        }
        for (ListenFd listen : listens) {
            words.add("listen=" + listen.key() + "@" + listen.fd());
        }
        return words;
    }

    /**
     * Reads what {@link #format} wrote.
     *
     * @throws IllegalArgumentException names the word that is wrong or missing
     */
    public static WorkerOptions parse(String[] words) {
        String[] one = new String[ONCE.size()];
        List<ListenFd> listens = new ArrayList<>();
        for (String word : words) {
            int equals = word.indexOf('=');
            String name = equals < 0 ? word : word.substring(0, equals);
            String value = equals < 0 ? "" : word.substring(equals + 1);
            int index = ONCE.indexOf(name);
            if (name.equals("listen")) {
                listens.add(listenFd(word, value));
            } else if (index < 0 || value.isEmpty()) {
                throw new IllegalArgumentException("unknown option \"" + word + "\"");
            } else if (one[index] != null) {
                throw new IllegalArgumentException("option \"" + name + "\" is given twice");
            } else {
                one[index] = value;
            }
        }
        for (int i = 0; i < one.length; i++) {
            if (one[i] == null && i != FILES) {
                throw new IllegalArgumentException("option \"" + ONCE.get(i) + "\" is missing");
            }
        }
        return new WorkerOptions(
                number(one, 0),
                number(one, 1),
                Path.of(one[2]),
                Path.of(one[3]),
                Path.of(one[4]),
                number(one, 5),
                number(one, 6),
                number(one, 7) != 0,
                number(one, 8),
                number(one, 9),
                one[FILES] == null ? NO_FILES : number(one, FILES),
                listens);
    }

    private static final List<String> ONCE =
            List.of(
                    "slot",
                    "generation",
                    "config",
                    "counters",
                    "zones",
                    "lane",
                    "warmup",
                    "statics",
                    "control",
                    "fds",
                    "files");

    /** Place of the only one that may be missing. */
    private static final int FILES = ONCE.indexOf("files");

    private static int number(String[] values, int index) {
        return number(ONCE.get(index) + "=" + values[index], values[index]);
    }

    private static ListenFd listenFd(String word, String value) {
        // A unix path may hold an @ itself, so the last one counts.
        int at = value.lastIndexOf('@');
        if (at < 1) {
            throw new IllegalArgumentException("\"" + word + "\" is not listen=KEY@DESCRIPTOR");
        }
        return new ListenFd(value.substring(0, at), number(word, value.substring(at + 1)));
    }

    private static int number(String word, String digits) {
        try {
            int number = Integer.parseInt(digits);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException notDigits) {
            // Falls through to the one message for both.
        }
        throw new IllegalArgumentException("\"" + word + "\" does not end in a number");
    }
}
