package dev.sluice.common.config;

import java.util.List;
import java.util.Map;

/**
 * Writes the commented default file and the reference page out of the table of keys. A test holds
 * the committed copies to what this gives.
 */
public final class ReferenceWriter {

    private static final int COLUMNS = 98;

    private static final String INI_HEAD = """
            # The default configuration of Sluice. This file is generated from the table of keys:
            # every key is here once, commented out with its default, or with an example when it has
            # none. REFERENCE.md beside it says the same at more length.
            #
            # Try a change with: sluice -t -c FILE. Let it take effect with: sluice -s reload.
            """;

    /** The lines of the default file that are in force. */
    private static final Map<ConfigKey<?>, String> ACTIVE = Map.of(
            ProcessKeys.ERROR_LOG, "/var/log/sluice/error.log warn",
            HttpKeys.ACCESS_LOG, "/var/log/sluice/access.log combined",
            HttpKeys.LISTEN, "0.0.0.0:80");

    private static final String MARKDOWN_HEAD = """
            # The configuration, key by key

            Generated from the table of keys; edit that table, not this page.

            ## The language

            - A file has sections, `[kind name]`, and lines `key = value`. Repeated keys make lists
              where the reference says so, and are an error elsewhere.
            - `#` and `;` begin a comment at the start of a line, or after white space outside
              quotes.
            - `"..."` or `'...'` keep spaces together. A `'` inside a word is a plain character, and
              so is every backslash: regular expressions need them.
            - Times take `ms s m h d`, sizes `k m g`. A bare number is seconds, or bytes.
            - `include = conf.d/*.ini` stands for the text of those files, sorted by name, relative
              to the file it stands in. The section it stands in goes on after it.
            - Relative paths start at the directory of the main file, or at the prefix of `-p`.
            - A location inherits from its server, a server from `[http]`. The lists of fields
              (`add_header`, `set_header`, `proxy_set_header`, `proxy_add_header`,
              `proxy_hide_header`, `proxy_pass_header`) and `error_page` merge on the way, unless
              `clear` names them; `clear = header` names all lists of fields.
            - `sluice -t` checks a file, `sluice -T` prints what it comes to, and
              `-g "key=value"` or `-g "http.key=value"` goes before what the files say.
            """;

    private static final String ORDER_OF_LOCATIONS = """
            A path finds its location so:

            1. `= /path`, the path itself.
            2. A template, `/users/{id}` or `/files/{bucket}/{rest...}`. `{id}` is one segment that
               is not empty, `{rest...}` all that follows, also nothing. From the left, literal
               text goes before a parameter, and a parameter before a rest. So a prefix goes before
               a template if it reaches beyond the text in front of the first parameter.
            3. The longest prefix, if it is marked `^~`.
            4. The first regular expression in the order of the file: `~`, or `~*` in any case.
            5. The longest prefix.

            Expressions are tried one after the other, so a request pays for each that it is not;
            all other patterns are found together, ten thousand as fast as ten. One that begins with
            `^` and plain text, such as `~ ^/shop/.*[.]json$`, is passed over by comparing the text.

            `$path_id` is the segment of the canonical path, encoded as it is forwarded: `%2F` and
            `%25` stay, in headers and texts other bytes are encoded too.

            What is matched is what a peer gets: dot segments are resolved, slashes merged, other
            escapes decoded before. An encoded slash is no slash here, where nginx takes it for
            one: `/admin%2Fx` is not below `/admin/`. A peer that decodes paths before it
            looks at them would find it there; in front of one refuse such paths, by
            `[location SERVER ~ %2F]` with `return = 400`.

            Several sections may have one pattern if their `when` or `methods` differ. They are
            tried in the order of the file, one without any last; when no `when` holds, it is as if
            the pattern were not there. `@name` is found by no path: `error_page` and `try_files`
            lead there with the path unchanged.
            """;

    private final StringBuilder out = new StringBuilder();

    private ReferenceWriter() {
    }

    /** The text of {@code conf/sluice.ini}. */
    public static String sluiceIni() {
        ReferenceWriter writer = new ReferenceWriter();
        writer.out.append(INI_HEAD);
        for (SectionKind section : SectionKind.values()) {
            if (section != SectionKind.TYPES) {
                writer.iniSection(section);
            }
        }
        return writer.out.toString();
    }

    private void iniSection(SectionKind section) {
        out.append("\n\n");
        comment(section.sentence());
        out.append(switch (section) {
            case MAIN, EVENTS -> "[" + section.word() + "]";
            case HTTP -> "[http]\ninclude = mime.types";
            case LOG_FORMAT -> "#[log_format short]";
            case LIMIT -> "#[limit per_client]";
            case CACHE -> "#[cache pages]";
            case MAP -> "#[map site]";
            case SPLIT -> "#[split release]";
            case GEO -> "#[geo side]";
            case UPSTREAM -> "#[upstream app]";
            case SERVER -> "[server www]\nroot = html";
            case LOCATION -> "[location www /]";
            default -> "#[" + section.word() + "]";
        }).append('\n');
        for (ConfigKey<?> key : ConfigKeys.of(section)) {
            if (homeOf(key) == section) {
                iniKey(key);
            }
        }
    }

    /** Where the default file shows a key: the outermost of its sections. */
    private static SectionKind homeOf(ConfigKey<?> key) {
        return key.sections().iterator().next();
    }

    private void iniKey(ConfigKey<?> key) {
        out.append('\n');
        comment(key.sentence());
        comment("Value: " + key.type().form() + "."
                + (key.repeated() ? " May be repeated." : "")
                + (key.restart() ? " Takes effect at a restart." : "")
                + (key.sections().size() > 1 ? " In " + places(key, ", ") + "." : ""));
        if (ACTIVE.containsKey(key)) {
            out.append(key.name()).append(" = ").append(ACTIVE.get(key)).append('\n');
        } else if (key.defaultText() != null) {
            out.append('#').append(key.name()).append(" = ").append(key.defaultText())
                    .append('\n');
        }
        if (!ACTIVE.containsKey(key)) {
            for (String example : key.shipped()) {
                out.append('#').append(key.name()).append(" = ").append(example).append('\n');
            }
        }
    }

    private static String places(ConfigKey<?> key, String between) {
        List<String> words = key.sections().stream().map(s -> "[" + s.word() + "]").toList();
        return String.join(between, words);
    }

    private void comment(String text) {
        int column = 0;
        for (String word : text.split(" ")) {
            if (column > 0 && column + 1 + word.length() > COLUMNS) {
                out.append('\n');
                column = 0;
            }
            out.append(column == 0 ? "# " : " ").append(word);
            column += (column == 0 ? 2 : 1) + word.length();
        }
        out.append('\n');
    }

    /** The text of {@code conf/REFERENCE.md}. */
    public static String markdown() {
        ReferenceWriter writer = new ReferenceWriter();
        writer.out.append(MARKDOWN_HEAD);
        for (SectionKind section : SectionKind.values()) {
            writer.out.append("\n## `").append(section.form()).append("`\n\n")
                    .append(section.sentence()).append('\n');
            if (section == SectionKind.TYPES) {
                writer.out.append("\nExample: `text/html = html htm`. The shipped `mime.types`"
                        + " has a hundred; include it in `[http]`.\n");
            }
            if (section == SectionKind.LOCATION) {
                writer.out.append('\n').append(ORDER_OF_LOCATIONS);
            }
            for (ConfigKey<?> key : ConfigKeys.of(section)) {
                writer.markdownKey(section, key);
            }
        }
        writer.variables();
        return writer.out.toString();
    }

    private void markdownKey(SectionKind section, ConfigKey<?> key) {
        if (homeOf(key) != section) {
            return;
        }
        out.append("\n### `").append(key.name()).append("`\n\n").append(key.sentence())
                .append("\n\n");
        out.append("- value: ").append(key.type().form().replace("*", "\\*").replace("|", "\\|"))
                .append('\n');
        out.append("- default: ").append(key.defaultText() == null
                ? "none" : "`" + key.defaultText() + "`").append('\n');
        out.append("- in: ").append(places(key, ", "))
                .append(key.repeated() ? "; may be repeated" : "")
                .append(key.restart() ? "; takes effect at a restart" : "; takes effect on reload")
                .append('\n');
        for (String example : key.shipped()) {
            out.append("- example: `").append(key.name()).append(" = ").append(example)
                    .append("`\n");
        }
    }

    private void variables() {
        out.append("\n## Variables\n\nTemplates name variables as `$name` or `${name}`. Captures"
                + " of the last regular expression that\nmatched are `$1` to `$9`; a group with a"
                + " name, `(?<name>...)`, is `$name` too, until another\nexpression with that name"
                + " matches. Families take the rest of their name from the request or the\nanswer:"
                + " `$http_NAME`, `$sent_http_NAME`, `$arg_NAME`, `$cookie_NAME`,"
                + " `$path_NAME`.\n\n`$upstream_addr`, `$upstream_status` and `$upstream_*_time`"
                + " have a value for each peer that was tried, in\ntheir order: behind a comma that"
                + " of the next peer for the same location, behind a colon (`10.0.0.7:80 :"
                + "\n10.0.0.9:80`) that for another one, such as the page of an error; `-` is what"
                + " is not known, such as\nthe status of a peer that gave none. A kept connection"
                + " that its peer had closed is no try; of more\nthan 17 the first 16 and the last"
                + " are there. `$upstream_error` is the reason of the last failure alone.\n\n");
        KnownVariables.names().forEach(name -> out.append("- `$").append(name).append("`\n"));
    }
}
