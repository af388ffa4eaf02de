package dev.sluice.common.config;

import java.util.List;

/**
 * What answers say of their charset when they say nothing. Written at boot, then read-only.
 *
 * @param name of the charset
 * @param types whose answers say it, as {@code charset_types} has them
 */
public record CharsetConfig(String name, List<String> types) {

    public CharsetConfig {
        types = List.copyOf(types);
    }

    /** Null where answers say no more than they do. */
    static CharsetConfig of(Scope scope) {
        String name = scope.value(HeaderKeys.CHARSET);
        return name.isEmpty() ? null
                : new CharsetConfig(name, scope.value(HeaderKeys.CHARSET_TYPES));
    }

    /** The name of a charset, or off; empty for that. */
    static final class Type implements ValueType<String> {

        @Override
        public String name() {
            return "a charset";
        }

        @Override
        public String form() {
            return "the name of a charset such as utf-8, or off";
        }

        @Override
        public String parse(Value value) throws BadValue {
            String charset = value.word();
            if (!charset.matches("[A-Za-z0-9][A-Za-z0-9_.:+-]{0,63}")) {
                throw new BadValue("\"" + charset + "\" is not the name of a charset");
            }
            return charset.equals("off") ? "" : charset;
        }
    }
}
