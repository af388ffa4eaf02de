package dev.sluice.master.upgrade;

import dev.sluice.master.command.ExitCode;
import dev.sluice.master.command.Reply;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What an old master is asked and the new one has to answer: the metrics, which a worker that
 * drains is asked for, and reloads. Owner: master loop.
 *
 * <pre>
 *   old                                             new
 *    │ SCRAPE id ───────────────────────────────────► │
 *    │ ◄────────────────────────────── SCRAPED id text │   in base 64
 *    │ RELOAD id ───────────────────────────────────► │
 *    │ ◄──────────── TOLD id line, then RELOADED id code │
 * </pre>
 */
public final class Forwards {

    /** Questions that wait at a time; what comes on top is told that there is no answer. */
    static final int WAITING_MAX = 256;

    private static final byte[] NOTHING = new byte[0];

    private final Consumer<List<String>> send;
    private final Map<String, Consumer<byte[]>> scrapes = new LinkedHashMap<>();
    private final Map<String, Reply> reloads = new LinkedHashMap<>();
    private long lastId;
    private boolean ended;

    /** @param send takes lines for the new master */
    public Forwards(Consumer<List<String>> send) {
        this.send = send;
    }

    /** @param answer is given the text, or nothing */
    public void scrape(Consumer<byte[]> answer) {
        if (ended || scrapes.size() >= WAITING_MAX) {
            answer.accept(NOTHING);
            return;
        }
        String id = Long.toString(++lastId);
        scrapes.put(id, answer);
        send.accept(List.of("SCRAPE", id));
    }

    public void reload(Reply reply) {
        if (ended || reloads.size() >= WAITING_MAX) {
            reply.line("sluice: the new master " + (ended ? "has ended" : "has no time"));
            reply.end(ExitCode.FAILED);
            return;
        }
        String id = Long.toString(++lastId);
        reloads.put(id, reply);
        send.accept(List.of("RELOAD", id));
    }

    /** What the new master said, if it is an answer to one of these. */
    public void said(List<String> words) {
        if (words.size() < 3) {
            return;
        }
        String id = words.get(1);
        switch (words.getFirst()) {
            case "SCRAPED" -> {
                Consumer<byte[]> answer = scrapes.remove(id);
                if (answer != null) {
                    answer.accept(decoded(words.get(2)));
                }
            }
            case "TOLD" -> {
                Reply reply = reloads.get(id);
                if (reply != null) {
                    reply.line(words.get(2));
                }
            }
            case "RELOADED" -> {
                Reply reply = reloads.remove(id);
                if (reply != null) {
                    reply.end(code(words.get(2)));
                }
            }
            default -> { }
        }
    }

    private static byte[] decoded(String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException damaged) {
            return NOTHING;
        }
    }

    private static ExitCode code(String digits) {
        return digits.matches("[0-9]{1,3}") ? ExitCode.of(Integer.parseInt(digits))
                : ExitCode.FAILED;
    }

    /** The new master has gone: nobody will answer. */
    public void ended() {
        ended = true;
        scrapes.values().forEach(answer -> answer.accept(NOTHING));
        scrapes.clear();
        reloads.values().forEach(reply -> {
            reply.line("sluice: the new master went away before the outcome was known");
            reply.end(ExitCode.FAILED);
        });
        reloads.clear();
    }

    /**
     * The new master will not take over: this one answers all the same.
     *
     * @return who waits for metrics, oldest first
     */
    public List<Consumer<byte[]>> takeBack() {
        List<Consumer<byte[]>> waiting = new ArrayList<>(scrapes.values());
        scrapes.clear();
        return waiting;
    }

    /** Whether somebody waits for the outcome of a reload. */
    public boolean waiting() {
        return !reloads.isEmpty();
    }
}
