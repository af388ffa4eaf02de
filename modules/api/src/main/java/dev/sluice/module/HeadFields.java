package dev.sluice.module;

/**
 * The fields of a head that is about to be sent; lent to a {@link HeadHook} for one call and dead
 * afterwards ({@link IllegalStateException}). Names are compared without regard to case. Framing
 * and the connection belong to Sluice: {@code Connection}, {@code Content-Length}, {@code
 * Transfer-Encoding}, {@code Upgrade} and the other fields of RFC 9110 §7.6.1 cannot be changed.
 *
 * @see IllegalArgumentException thrown for such a name, for a name that is no token (RFC 9110
 *     §5.6.2) and for a value with a control character
 */
public interface HeadFields {

    /** The value of the first field of this name; null without any. */
    String get(String name);

    /** One field of this name with this value, in the place of all there are. */
    void set(String name, String value);

    /** One more field. */
    void add(String name, String value);

    /** Takes out all fields of this name. */
    void remove(String name);
}
