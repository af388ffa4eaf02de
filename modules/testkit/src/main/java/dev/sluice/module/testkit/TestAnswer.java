package dev.sluice.module.testkit;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** An answer as the client gets it, or as a peer gives it. */
public final class TestAnswer {

    int status;
    boolean aborted;
    final List<String[]> fields = new ArrayList<>();
    byte[] body;

    TestAnswer(int status, byte[] body) {
        this.status = status;
        this.body = body;
    }

    /** An answer of a peer. */
    public static TestAnswer of(int status, String body) {
        return new TestAnswer(status, body.getBytes(StandardCharsets.UTF_8));
    }

    /** One more field. */
    public TestAnswer with(String name, String value) {
        fields.add(new String[] {name, value});
        return this;
    }

    /** 0 when the connection was closed without an answer. */
    public int status() {
        return aborted ? 0 : status;
    }

    /** The first field of this name; null without. */
    public String header(String name) {
        return fields.stream().filter(field -> field[0].equalsIgnoreCase(name))
                .map(field -> field[1]).findFirst().orElse(null);
    }

    public List<String> headers(String name) {
        return fields.stream().filter(field -> field[0].equalsIgnoreCase(name))
                .map(field -> field[1]).toList();
    }

    public String body() {
        return new String(body, StandardCharsets.UTF_8);
    }
}
