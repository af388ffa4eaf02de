package dev.sluice.modules.basicauth;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file of users: lines of {@code NAME:HASH}, and comments that begin with {@code #}. A hash is
 * one of bcrypt, argon2id, apr1 and SHA-crypt, with costs that a server can bear. Others are
 * refused: what is not hashed, and what is guessed at a billion a second (crypt(3) with DES,
 * {SHA}, {SSHA}). Messages never contain a hash. Read once, then read-only.
 */
final class PasswordFile {

    /** What is wrong with a line, counted from 1. */
    record Problem(int line, String message) {}

    /** Longer files are refused, in bytes. */
    private static final long BYTES_MAX = 4 << 20;
    /** 2 to the power of 14 takes about a second. */
    private static final int BCRYPT_COST_MAX = 14;
    /** A worker has a heap of 64 MiB. */
    private static final int ARGON_KIB_MAX = 24 * 1024;
    private static final int ARGON_PASSES_MAX = 16;
    private static final int ROUNDS_MAX = 1_000_000;

    private static final String WORD = "[./0-9A-Za-z]";
    private static final Pattern BCRYPT =
            Pattern.compile("\\$2[aby]\\$(\\d\\d)\\$" + WORD + "{53}");
    private static final Pattern ARGON = Pattern.compile("\\$argon2id\\$v=19\\$m=(\\d{1,9}),"
            + "t=(\\d{1,4}),p=(\\d{1,2})\\$[0-9A-Za-z+/]{11,86}\\$[0-9A-Za-z+/]{22,86}");
    private static final Pattern APR1 = Pattern.compile("\\$apr1\\$" + WORD + "{1,8}\\$" + WORD
            + "{22}");
    private static final Pattern SHA_CRYPT = Pattern.compile(
            "\\$(?:5|6)\\$(?:rounds=(\\d{1,9})\\$)?" + WORD + "{1,16}\\$(" + WORD + "{43}|" + WORD
            + "{86})");
    private static final Pattern DES = Pattern.compile(WORD + "{13}");
    static final String CURE = "make it with: htpasswd -B FILE NAME";

    private final Map<String, String> hashes = new LinkedHashMap<>();
    private final List<Problem> problems = new ArrayList<>();

    private PasswordFile() {
    }

    /** Reads a file; what is wrong with its lines is told by {@link #problems}. */
    static PasswordFile read(Path file) throws IOException {
        if (Files.size(file) > BYTES_MAX) {
            throw new IOException("longer than 4m");
        }
        return of(Files.readString(file, StandardCharsets.ISO_8859_1));
    }

    static PasswordFile of(String text) {
        PasswordFile file = new PasswordFile();
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            String entry = line.strip();
            if (!entry.isEmpty() && !entry.startsWith("#")) {
                file.add(number, entry);
            }
        }
        return file;
    }

    /** User name to hash, in the order of the file; names are bytes as ISO 8859-1. */
    Map<String, String> hashes() {
        return hashes;
    }

    List<Problem> problems() {
        return problems;
    }

    private void add(int line, String entry) {
        int colon = entry.indexOf(':');
        if (colon <= 0) {
            problems.add(new Problem(line, "the line is not NAME:HASH"));
            return;
        }
        String name = entry.substring(0, colon);
        String rest = entry.substring(colon + 1);
        // As in nginx, what follows a second colon is a comment.
        int end = rest.indexOf(':');
        String hash = end < 0 ? rest : rest.substring(0, end);
        String shown = name.replaceAll("\\p{Cntrl}", "?");
        String wrong = wrong(hash);
        if (wrong != null) {
            problems.add(new Problem(line, "the password of \"" + shown + "\" " + wrong));
        } else if (hashes.putIfAbsent(name, hash) != null) {
            problems.add(new Problem(line, "\"" + shown + "\" is there twice"));
        }
    }

    /** Null when the hash is one of those that count. */
    private static String wrong(String hash) {
        if (hash.startsWith("$2")) {
            Matcher bcrypt = BCRYPT.matcher(hash);
            return !bcrypt.matches() ? "is no bcrypt hash"
                    : above(bcrypt.group(1), BCRYPT_COST_MAX, "a cost");
        }
        if (hash.startsWith("$argon2")) {
            return argon(hash);
        }
        if (hash.startsWith("$apr1$")) {
            return APR1.matcher(hash).matches() ? null : "is no apr1 hash";
        }
        if (hash.startsWith("$5$") || hash.startsWith("$6$")) {
            Matcher crypt = SHA_CRYPT.matcher(hash);
            boolean fits = crypt.matches() && crypt.group(2).length() == (hash.charAt(1) == '5'
                    ? 43 : 86);
            return !fits ? "is no SHA-crypt hash"
                    : crypt.group(1) == null ? null : above(crypt.group(1), ROUNDS_MAX, "rounds");
        }
        if (hash.startsWith("{SHA}") || hash.startsWith("{SSHA}")) {
            return "is hashed with SHA-1, which is guessed too fast";
        }
        return DES.matcher(hash).matches()
                ? "is hashed with DES, which is guessed too fast, or not at all"
                : "is not hashed in a way that is known";
    }

    private static String argon(String hash) {
        Matcher argon = ARGON.matcher(hash);
        if (!argon.matches()) {
            return "is no argon2id hash of version 19";
        }
        String memory = above(argon.group(1), ARGON_KIB_MAX, "memory in KiB");
        return memory != null ? memory : above(argon.group(2), ARGON_PASSES_MAX, "passes");
    }

    private static String above(String written, int max, String what) {
        return Long.parseLong(written) <= max ? null
                : "has " + what + " of " + written + ", at most " + max + " can be borne";
    }
}
