package dev.sluice.module;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;

/** What a hook wants done with a request. Immutable; verdicts may be made once and kept. */
public sealed interface Verdict {

    /** The request goes on: the next hook, the next phase. */
    Verdict NEXT = new Next();

    /** See {@link #NEXT}. */
    record Next() implements Verdict {}

    /**
     * An answer. Its head gets Date, Server, the framing and the location's {@code add_header}s.
     *
     * @param status 200 to 599
     * @param fields names and values in turn
     * @param body null for the location's page for this status, or the built-in one, which come
     *     without {@code fields} but for WWW-Authenticate of a 401; with others, null is no body
     */
    record Respond(int status, List<String> fields, byte[] body) implements Verdict {

        public Respond {
            if (status < 200 || status > 599) {
                throw new IllegalArgumentException("status " + status);
            }
            fields = List.copyOf(fields);
            if (fields.size() % 2 != 0) {
                throw new IllegalArgumentException("a field without a value");
            }
        }

        /** The same answer with one more field. */
        public Respond with(String name, String value) {
            List<String> more = new ArrayList<>(fields);
            more.add(name);
            more.add(value);
            return new Respond(status, more, body);
        }
    }

    /**
     * A redirection with a Location field (RFC 9110 §10.2.2).
     *
     * @param status 301, 302, 303, 307 or 308
     * @param url one that begins with a slash is made absolute as the client sees the server
     */
    record Redirect(int status, String url) implements Verdict {

        public Redirect {
            if (status < 301 || status > 308 || status >= 304 && status <= 306) {
                throw new IllegalArgumentException("status " + status);
            }
            Objects.requireNonNull(url);
        }
    }

    /**
     * The request is served as if another path had been asked for, from the server's rewrite rules
     * on; ten times at most, as with rewrites.
     *
     * @param target an absolute path, with a query if it has one
     */
    record Reroute(String target) implements Verdict {

        public Reroute {
            if (!target.startsWith("/")) {
                throw new IllegalArgumentException("not an absolute path: " + target);
            }
        }
    }

    /**
     * The decision comes later. What the stage is completed with is asked in the hook's place, on
     * the event loop; nobody asks when the client has gone.
     *
     * @param stage any thread may complete it
     * @param timeout how long it may take, 1 ms to 1 hour; then the hook has failed
     */
    record Suspend(CompletionStage<RequestHook> stage, Duration timeout) implements Verdict {

        public Suspend {
            Objects.requireNonNull(stage);
            if (timeout.compareTo(Duration.ofMillis(1)) < 0
                    || timeout.compareTo(Duration.ofHours(1)) > 0) {
                throw new IllegalArgumentException("timeout " + timeout);
            }
        }
    }

    /**
     * The decision needs the beginning of the request's body, which is looked at and stays what it
     * is. For POST_READ, PREACCESS and ACCESS; elsewhere it is a failure of the hook.
     *
     * @param bytesMax more is not waited for, 1 to 16 KiB
     * @param hook decides
     */
    record Peek(int bytesMax, BodyPeekHook hook) implements Verdict {

        public Peek {
            Objects.requireNonNull(hook);
            if (bytesMax < 1 || bytesMax > 16 * 1024) {
                throw new IllegalArgumentException("bytesMax " + bytesMax);
            }
        }
    }

    /** The connection (of HTTP/2: the stream) is closed without an answer. */
    record Abort() implements Verdict {}

    /** {@link Respond} with the location's page for this status, or the built-in one. */
    static Respond respond(int status) {
        return new Respond(status, List.of(), null);
    }

    /** {@link Respond} with a text in UTF-8. */
    static Respond respond(int status, String contentType, String body) {
        return new Respond(status, List.of("Content-Type", contentType),
                body.getBytes(StandardCharsets.UTF_8));
    }

    static Redirect redirect(int status, String url) {
        return new Redirect(status, url);
    }

    static Reroute reroute(String target) {
        return new Reroute(target);
    }

    static Suspend suspend(CompletionStage<RequestHook> stage, Duration timeout) {
        return new Suspend(stage, timeout);
    }

    static Peek peek(int bytesMax, BodyPeekHook hook) {
        return new Peek(bytesMax, hook);
    }

    static Verdict abort() {
        return new Abort();
    }
}
