package dev.sluice.worker.statics;

import dev.sluice.worker.http.HttpDate;
import dev.sluice.worker.statics.DirectoryEntry.Type;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/** Writes a list of a directory as a page or as JSON. Stateless; any thread. */
final class DirectoryText {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("dd-MMM-yyyy HH:mm", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);
    /** Longer names are cut in the page, as in nginx. */
    private static final int NAME_COLUMNS = 50;
    private static final int SIZE_COLUMNS = 19;
    private static final String UNRESERVED = "-._~";
    private static final long K = 1024;

    private DirectoryText() {
    }

    /** @param path of the directory as the client knows it, decoded */
    static byte[] page(String path, List<DirectoryEntry> entries, boolean exactSize) {
        StringBuilder out = new StringBuilder(512 + entries.size() * 160);
        String title = "Index of " + escaped(path);
        out.append("<!DOCTYPE html>\n<html>\n<head><meta charset=\"utf-8\"><title>")
                .append(title).append("</title></head>\n<body>\n<h1>").append(title)
                .append("</h1><hr><pre>");
        if (!path.equals("/")) {
            out.append("<a href=\"../\">../</a>\n");
        }
        for (DirectoryEntry entry : entries) {
            line(out, entry, exactSize);
        }
        return out.append("</pre><hr></body>\n</html>\n").toString()
                .getBytes(StandardCharsets.UTF_8);
    }

    private static void line(StringBuilder out, DirectoryEntry entry, boolean exactSize) {
        boolean directory = entry.type() == Type.DIRECTORY;
        String shown = directory ? entry.name() + "/" : entry.name();
        int columns = shown.codePointCount(0, shown.length());
        if (columns > NAME_COLUMNS) {
            shown = shown.substring(0, shown.offsetByCodePoints(0, NAME_COLUMNS - 3)) + "..>";
            columns = NAME_COLUMNS;
        }
        out.append("<a href=\"").append(reference(entry.bytes())).append(directory ? "/" : "")
                .append("\">").append(escaped(shown)).append("</a>")
                .repeat(' ', NAME_COLUMNS - columns + 1)
                .append(TIME.format(Instant.ofEpochSecond(entry.mtimeSeconds())));
        String size = entry.type() != Type.FILE ? "-"
                : exactSize ? Long.toString(entry.size()) : rounded(entry.size());
        out.repeat(' ', Math.max(1, SIZE_COLUMNS - size.length())).append(size).append('\n');
    }

    private static String rounded(long bytes) {
        return bytes >= K * K * K ? (bytes + K * K * K / 2) / (K * K * K) + "G"
                : bytes >= K * K ? (bytes + K * K / 2) / (K * K) + "M"
                : bytes >= K ? (bytes + K / 2) / K + "K" : Long.toString(bytes);
    }

    /** A relative reference: nothing of a name can be read as a scheme, a query or markup. */
    private static String reference(byte[] name) {
        StringBuilder out = new StringBuilder(name.length + 8);
        for (byte b : name) {
            char c = (char) (b & 0xff);
            if (c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
                    || UNRESERVED.indexOf(c) >= 0) {
                out.append(c);
            } else {
                out.append('%').append(Character.toUpperCase(Character.forDigit(c >> 4, 16)))
                        .append(Character.toUpperCase(Character.forDigit(c & 15, 16)));
            }
        }
        return out.toString();
    }

    private static String escaped(String text) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '&' -> out.append("&amp;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.append(c < ' ' || c == 0x7f ? '\ufffd' : c);
            }
        }
        return out.toString();
    }

    static byte[] json(List<DirectoryEntry> entries) {
        StringBuilder out = new StringBuilder(64 + entries.size() * 128).append('[');
        byte[] date = new byte[HttpDate.LENGTH];
        for (DirectoryEntry entry : entries) {
            out.append(out.length() == 1 ? "\n" : ",\n").append("{\"name\":\"");
            quoted(out, entry.name());
            HttpDate.format(Math.max(0, entry.mtimeSeconds()) * 1000, date, 0);
            out.append("\",\"type\":\"")
                    .append(entry.type().name().toLowerCase(Locale.ROOT))
                    .append("\",\"mtime\":\"")
                    .append(new String(date, StandardCharsets.US_ASCII)).append('"');
            if (entry.type() == Type.FILE) {
                out.append(",\"size\":").append(entry.size());
            }
            out.append('}');
        }
        return out.append("\n]\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    /** RFC 8259 section 7; also what would end a script that a page has it in. */
    private static void quoted(StringBuilder out, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ' || c == '<' || c == '>' || c == '&' || c == 0x7f
                    || c == '\u2028' || c == '\u2029') {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
    }
}
