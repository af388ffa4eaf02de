package dev.sluice.common.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The kinds of section. Written at boot, then read-only. */
public enum SectionKind {
    MAIN("", "Processes, their files and their log."),
    EVENTS("", "The event loop of each worker."),
    HTTP("", "What holds for all of HTTP; servers and locations inherit it."),
    LOG_FORMAT("NAME", "A named format of access log lines."),
    MAP("NAME", "The variable $NAME, chosen by the text of another."),
    SPLIT("NAME", "The variable $NAME, each of its values for a share of all requests."),
    GEO("NAME", "The variable $NAME, chosen by the network of an address."),
    UPSTREAM("NAME", "A named group of peers that requests are forwarded to."),
    LIMIT("NAME", "A table of keys, usually clients, and how many requests each may make."),
    CACHE("NAME", "A folder for answers of peers, and how large it may be."),
    SERVER("NAME", "A virtual host; its locations inherit its settings."),
    LOCATION("SERVER [= | ^~ | ~ | ~*] PATTERN",
            "A set of paths of one server, with nginx's modifiers and order of matching; a path"
                    + " with {parameters}, or a @name."),
    STREAM("NAME", "Connections that are passed on as they come, whatever is spoken on them."),
    MODULE("NAME", "A drop-in module: what becomes of its failures, and keys of its own."),
    ADMIN("", "The operators' address: metrics and health."),
    TYPES("", "Media types: each key is a type, its value the file name extensions of it.");

    private final String word = name().toLowerCase(Locale.ROOT);
    private final String nameForm;
    private final String sentence;

    SectionKind(String nameForm, String sentence) {
        this.nameForm = nameForm;
        this.sentence = sentence;
    }

    /** The first word of the header. */
    public String word() {
        return word;
    }

    /** The header with its names in capitals. */
    public String form() {
        return nameForm.isEmpty() ? "[" + word() + "]" : "[" + word() + " " + nameForm + "]";
    }

    public String sentence() {
        return sentence;
    }

    boolean hasName() {
        return !nameForm.isEmpty();
    }

    static SectionKind of(String word) {
        for (SectionKind kind : values()) {
            if (kind.word().equals(word)) {
                return kind;
            }
        }
        return null;
    }

    static List<String> words() {
        return Arrays.stream(values()).map(SectionKind::word).toList();
    }
}
