package dev.sluice.worker.http1;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.worker.http.ParseError;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/** Rows of (name, bytes, expected), each run whole, cut at every index, and byte by byte. */
final class ParserTable {

    /** Runs a parser over bytes that arrive in pieces and describes what came out. */
    interface Subject {
        String run(byte[] bytes, Feed.Cuts cuts);
    }

    private record Row(String name, String bytes, String expected) {}

    private final Subject subject;
    private final List<Row> rows = new ArrayList<>();

    ParserTable(Subject subject) {
        this.subject = subject;
    }

    ParserTable row(String name, String bytes, String expected) {
        rows.add(new Row(name, bytes, expected));
        return this;
    }

    ParserTable bad(ParseError why, String... bytes) {
        for (String each : bytes) {
            rows.add(new Row(why + " " + each, each, why.name()));
        }
        return this;
    }

    Stream<DynamicTest> tests() {
        return rows.stream()
                .map(row -> DynamicTest.dynamicTest(printable(row.name), () -> run(row)));
    }

    private void run(Row row) {
        byte[] bytes = Feed.latin1(row.bytes);
        assertEquals(row.expected, subject.run(bytes, Feed.whole(bytes.length)), "whole");
        for (int cut = 1; cut < bytes.length; cut++) {
            String got = subject.run(bytes, Feed.cutAt(cut, bytes.length));
            assertEquals(row.expected, got, "cut at " + cut);
        }
        String got = subject.run(bytes, Feed.bytewise());
        assertEquals(row.expected, got, "byte by byte");
    }

    private static String printable(String name) {
        String s = name.replace("\r", "\\r").replace("\n", "\\n").replace("\t", "\\t");
        return s.length() > 90 ? s.substring(0, 90) : s;
    }
}
