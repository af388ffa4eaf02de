package dev.sluice.module;

import java.time.Duration;
import java.util.List;

/**
 * The typed values of a module's keys in one place of the configuration. Each key is asked by the
 * type that {@code keys.ini} declares for it.
 *
 * <p>Immutable; any thread may use it.
 *
 * @see IllegalArgumentException thrown by every method for a key that is not declared, or not with
 *     this type, or without a default where nothing is given
 */
public interface Settings {

    /** Whether the configuration gives the key, here or around; a default does not count. */
    boolean has(String key);

    /** A key of type {@code flag}. */
    boolean flag(String key);

    /** A key of type {@code number}. */
    int number(String key);

    /** A key of type {@code size}, in bytes. */
    long size(String key);

    /** A key of type {@code time}. */
    Duration time(String key);

    /** A key of type {@code text}, {@code word} or {@code path}. */
    String text(String key);

    /** A key of type {@code words}; the values of a repeated key of any other type, as written. */
    List<String> list(String key);
}
