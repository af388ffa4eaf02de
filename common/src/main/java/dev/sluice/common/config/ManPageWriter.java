package dev.sluice.common.config;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes the manual page sluice.ini(5) out of the table of keys, in the macros of man(7). The
 * package's build runs it.
 */
public final class ManPageWriter {

    private static final String HEAD = """
            .TH SLUICE.INI 5 "%s" "Sluice %s" "File formats"
            .SH NAME
            sluice.ini \\- configuration of the reverse proxy sluice
            .SH SYNOPSIS
            .I /etc/sluice/sluice.ini
            .SH DESCRIPTION
            A file has sections,
            .BR "[kind name]" ,
            and lines
            .BR "key = value" .
            Repeated keys make lists where this page says so, and are an error elsewhere.
            .PP
            A # or a ; begins a comment at the start of a line, or after white space outside quotes.
            Quotes keep spaces together; a backslash is a plain character.
            Times take ms, s, m, h and d, sizes k, m and g; a bare number is seconds, or bytes.
            .PP
            .B include = conf.d/*.ini
            stands for the text of those files, sorted by name, relative to the file it stands in.
            The section it stands in goes on after it.
            Relative paths start at the directory of the main file.
            .PP
            A location inherits from its server, a server from [http].
            The lists add_header, proxy_set_header, proxy_hide_header and error_page merge on the
            way, unless
            .B clear
            names them.
            """;

    private static final String FOOT = """
            .SH FILES
            .TP
            .I /etc/sluice/sluice.ini
            The file that the package installs: every key, commented out with its default.
            .TP
            .I /etc/sluice/conf.d/*.ini
            Included by it.
            .TP
            .I /etc/sluice/mime.types
            Media types by file name extension.
            .SH SEE ALSO
            .BR sluice (8)
            """;

    private final StringBuilder out = new StringBuilder();

    private ManPageWriter() {
    }

    /** Prints the page. Words: version, date. */
    public static void main(String[] words) {
        var screen = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        screen.print(sluiceIni(words[0], words[1]));
    }

    /** The text of {@code sluice.ini.5}. */
    static String sluiceIni(String version, String date) {
        var writer = new ManPageWriter();
        writer.out.append(HEAD.formatted(date, version));
        for (SectionKind section : SectionKind.values()) {
            writer.section(section);
        }
        writer.variables();
        return writer.out.append(FOOT).toString();
    }

    private void section(SectionKind section) {
        out.append(".SH \"").append(plain(section.form())).append("\"\n");
        line(section.sentence());
        if (section == SectionKind.TYPES) {
            line("Example: text/html = html htm");
        }
        for (ConfigKey<?> key : ConfigKeys.of(section)) {
            if (key.sections().iterator().next() == section) {
                key(key);
            }
        }
    }

    private void key(ConfigKey<?> key) {
        out.append(".TP\n.B ").append(plain(key.name())).append('\n');
        line(key.sentence());
        out.append(".br\n");
        line("Value: " + key.type().form() + ".");
        if (key.defaultText() != null) {
            out.append(".br\n");
            line("Default: " + key.defaultText());
        }
        List<String> places = key.sections().stream().map(s -> "[" + s.word() + "]").toList();
        out.append(".br\n");
        line("In " + String.join(", ", places) + (key.repeated() ? "; may be repeated" : "")
                + (key.restart() ? "; takes effect at a restart." : "."));
        for (String example : key.shipped()) {
            out.append(".br\n");
            line("Example: " + key.name() + " = " + example);
        }
    }

    private void variables() {
        out.append(".SH VARIABLES\n");
        line("Templates name variables as $name or ${name}. Captures of the last regular"
                + " expression that matched are $1 to $9. Families take the rest of their name from"
                + " the request or the answer: $http_NAME, $sent_http_NAME, $arg_NAME,"
                + " $cookie_NAME.");
        out.append(".PP\n");
        line(String.join(", ", KnownVariables.names().stream().map(n -> "$" + n).toList()) + ".");
    }

    /** A line of text: one that begins with a dot or a quote would be a macro. */
    private void line(String text) {
        out.append("\\&").append(plain(text)).append('\n');
    }

    /** Backslashes are themselves, and minus signs can be copied into a file. */
    private static String plain(String text) {
        return text.replace("\\", "\\e").replace("-", "\\-");
    }
}
