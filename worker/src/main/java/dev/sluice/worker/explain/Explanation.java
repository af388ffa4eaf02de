package dev.sluice.worker.explain;

import dev.sluice.common.config.SourceLine;
import dev.sluice.common.log.SecretNames;
import java.util.ArrayList;
import java.util.List;

/**
 * What would become of a request: facts that programs compare, and lines for people in the order in
 * which things happen. The lines show no secrets of queries; the facts are as they are, for who
 * compares them. Written while the request is led through; owner: the calling thread.
 */
final class Explanation {

    private static final int WORD_WIDTH = 11;

    private final List<String> lines = new ArrayList<>();

    /** Why no listener has the request, and behind a line's end the cure; null where one has. */
    String unheard;
    /** Key of the listener, name of the server, label of the location; empty for none. */
    String listener = "";
    String server = "";
    String location = "";
    /** Name of the upstream and what it is asked for; empty where nothing is passed on. */
    String upstream = "";
    String target = "";
    /** Of an answer of Sluice's own; 0 where a peer gives it. */
    int status;
    /** Where a redirect leads; empty for none. */
    String redirect = "";

    void add(String word, String text, SourceLine at) {
        lines.add(padded(word) + SecretNames.hideIn(text)
                + (at == null || at.line() == 0 ? "" : "   (" + at + ")"));
    }

    void add(String word, String text) {
        add(word, text, null);
    }

    /** Why something else was not taken. */
    void lost(String what, String why, SourceLine at) {
        add("", "not " + what + ": " + why, at);
    }

    private static String padded(String word) {
        return word + " ".repeat(Math.max(1, WORD_WIDTH - word.length()));
    }

    List<String> lines() {
        return lines;
    }

    /** Server, location, and what becomes of requests there in general. */
    String place() {
        return (server.isEmpty() ? "-" : server) + " \"" + location + "\" "
                + (upstream.isEmpty() ? status : upstream);
    }

    /** The facts on one line: {@code www "/api/" app /x}, {@code www "/" 301 https://h/}. */
    String brief() {
        String end = upstream.isEmpty()
                ? status + (redirect.isEmpty() ? "" : " " + redirect) : upstream + " " + target;
        return (server.isEmpty() ? "-" : server) + " \"" + location + "\" " + end;
    }
}
