package dev.sluice.master.reload;

import dev.sluice.common.clock.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * What an operator is told while a reload goes on: one line for each step with its time, and at the
 * end all of them on one line for the log. Owner: master loop.
 */
final class ReloadReport {

    private static final long NS_PER_MS = 1_000_000;

    private final Clock clock;
    private final Consumer<String> screen;
    private final List<String> steps = new ArrayList<>();
    private final long beganNs;
    private long stepBeganNs;
    private String changes = "";

    ReloadReport(Clock clock, Consumer<String> screen) {
        this.clock = clock;
        this.screen = screen;
        this.beganNs = clock.nowNs();
        this.stepBeganNs = beganNs;
    }

    /** A step has ended; it began when the one before did. */
    void step(String name) {
        step(name, "");
    }

    /** @param more what else is known about it */
    void step(String name, String more) {
        long nowNs = clock.nowNs();
        long tookMs = (nowNs - stepBeganNs) / NS_PER_MS;
        stepBeganNs = nowNs;
        steps.add(name + " " + tookMs + " ms");
        line(name, tookMs + " ms" + (more.isEmpty() ? "" : ": " + more));
    }

    void line(String name, String text) {
        screen.accept(String.format("%-9s %s", name, text));
    }

    /** What the new file changes: each on a line of the screen, a summary for the log. */
    void changes(List<String> lines, String summary) {
        lines.forEach(screen);
        changes = summary;
    }

    long tookMs() {
        return (clock.nowNs() - beganNs) / NS_PER_MS;
    }

    /** {@code check 3 ms, sockets 1 ms, ready 812 ms, switch 1 ms; server ~ shop}. */
    String summary() {
        return String.join(", ", steps) + (changes.isEmpty() ? "" : "; " + changes);
    }
}
