package dev.sluice.common.config;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ManPageWriterTest {

    private final String page = ManPageWriter.sluiceIni("1.0", "2026-11-20");

    @Test
    void everyKeyHasAnEntry() {
        for (ConfigKey<?> key : ConfigKeys.ALL) {
            assertTrue(page.contains("\n.B " + key.name() + "\n"), key.name());
        }
    }

    @Test
    void everySectionHasAHeading() {
        for (SectionKind section : SectionKind.values()) {
            assertTrue(page.contains("\n.SH \"[" + section.word()), section.word());
        }
    }

    /** A line of text that began with a dot or a quote would be taken for a request. */
    @Test
    void everyRequestIsOneOfOurs() {
        assertTrue(page.lines().filter(line -> line.startsWith(".") || line.startsWith("'"))
                .allMatch(line -> line.matches("\\.(TH|SH|TP|PP|B|BR|I|br)( .*)?")));
    }
}
