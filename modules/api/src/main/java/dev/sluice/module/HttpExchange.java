package dev.sluice.module;

import java.util.List;

/**
 * A request and what is known of its answer, lent to a hook: outside of the call it was lent for,
 * of the exchange it stood for, or on another thread, every method throws {@link
 * IllegalStateException}. The strings it gives
 * are copies and may be kept; bytes above 0x7f are characters of ISO 8859-1.
 */
public interface HttpExchange {

    /** The method, in its own case: {@code GET}. */
    String method();

    /** The path, canonical and decoded: what locations are matched with. */
    String path();

    /** What stands behind the question mark, as it came; null without a question mark. */
    String query();

    /** Name and port the client asked for; empty when an HTTP/1.0 request says none. */
    String authority();

    /** Whether the client's connection is encrypted. */
    boolean secure();

    /** The client's address as text, of a trusted proxy's claim if there is one. */
    String remoteAddress();

    /** The first field of this name, in any case of letters; null without any. */
    String header(String name);

    /** All fields of this name in the order they came; empty without any. */
    List<String> headers(String name);

    /** The names of all fields in lower case, in the order they came, each once. */
    List<String> headerNames();

    /** The status of the answer; 0 until its head is begun. */
    int status();

    /** The text with the values of this request; what a variable lacks is left out. */
    String text(Text template);

    /** What was put there in this request; null when nothing was. */
    <T> T get(Slot<T> slot);

    /** Keeps a value until the request ends. */
    <T> void put(Slot<T> slot, T value);
}
