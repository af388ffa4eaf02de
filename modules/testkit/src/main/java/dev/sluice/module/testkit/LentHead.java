package dev.sluice.module.testkit;

import dev.sluice.module.HeadFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The fields of a head for one call of a hook. Owner: the test's thread. */
final class LentHead implements HeadFields {

    private static final Set<String> OURS = Set.of("content-length", "connection", "keep-alive",
            "transfer-encoding", "te", "trailer", "upgrade", "proxy-connection", "http2-settings",
            "expect");

    private final List<String[]> fields;
    private final List<String[]> before;
    private boolean over;

    LentHead(List<String[]> fields) {
        this.fields = fields;
        this.before = new ArrayList<>(fields);
    }

    void takeBack() {
        over = true;
    }

    void restore() {
        fields.clear();
        fields.addAll(before);
    }

    private void check(String name, String value) {
        if (over) {
            throw new IllegalStateException("a head is used outside of the hook it was lent to");
        }
        if (!name.matches("[A-Za-z0-9!#$%&'*+.^_`|~-]+")) {
            throw new IllegalArgumentException("\"" + name + "\" is not the name of a field");
        }
        if (OURS.contains(name.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException(name + " is not a module's to change");
        }
        if (!value.matches("[\\t\\x20-\\x7e\\x80-\\xff]*")) {
            throw new IllegalArgumentException("the value of " + name + " has a control character"
                    + " or one beyond ISO 8859-1");
        }
    }

    @Override
    public String get(String name) {
        check("X", "");
        return fields.stream().filter(field -> field[0].equalsIgnoreCase(name))
                .map(field -> field[1]).findFirst().orElse(null);
    }

    @Override
    public void set(String name, String value) {
        check(name, value);
        remove(name);
        fields.add(new String[] {name, value});
    }

    @Override
    public void add(String name, String value) {
        check(name, value);
        fields.add(new String[] {name, value});
    }

    @Override
    public void remove(String name) {
        check(name, "");
        fields.removeIf(field -> field[0].equalsIgnoreCase(name));
    }
}
