package dev.sluice.master.metrics;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The page of {@code /status}: one file without anything from elsewhere. Stateless. */
final class StatusPage {

    private StatusPage() {
    }

    static byte[] bytes() {
        try (InputStream in = StatusPage.class.getResourceAsStream("status.html")) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("the page is in the jar of the master", e);
        }
    }
}
