package dev.sluice.common.config;

/**
 * Somebody who may see the pages of {@code [admin]}. Written at boot, then read-only.
 *
 * @param hash of the password, by bcrypt; never shown
 */
public record AdminUser(String name, String hash) {

    /** Without the hash: whatever is printed ends in a log. */
    @Override
    public String toString() {
        return name;
    }
}
