package dev.sluice.master.metrics;

/** Writes JSON (RFC 8259) with commas where they belong. Owner: the calling thread. */
public final class JsonText {

    private final StringBuilder text = new StringBuilder(16 << 10);

    public JsonText open(char bracket) {
        comma();
        text.append(bracket);
        return this;
    }

    public JsonText close(char bracket) {
        text.append(bracket);
        return this;
    }

    private void comma() {
        char last = text.isEmpty() ? '{' : text.charAt(text.length() - 1);
        if (last != '{' && last != '[' && last != ':') {
            text.append(',');
        }
    }

    public JsonText key(String name) {
        comma();
        quote(name);
        text.append(':');
        return this;
    }

    public JsonText number(String name, long value) {
        key(name);
        text.append(value);
        return this;
    }

    public JsonText text(String name, String value) {
        key(name);
        quote(value);
        return this;
    }

    public JsonText element(long value) {
        comma();
        text.append(value);
        return this;
    }

    public JsonText element(double value) {
        comma();
        text.append(value);
        return this;
    }

    private void quote(String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c < ' ' || c == '<' || Character.isSurrogate(c)) {
                // Neither ends a script where somebody puts this into a page.
                text.append(String.format("\\u%04x", (int) c));
            } else {
                text.append(c);
            }
        }
        text.append('"');
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
