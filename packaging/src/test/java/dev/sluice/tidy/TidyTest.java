package dev.sluice.tidy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Sizes, banned words, the top-level folder, and the files that the README names. */
final class TidyTest {

    private static final int FILE_LINES_MAX = 400;
    private static final int METHOD_LINES_MAX = 70;
    private static final int COLUMNS_MAX = 100;

    private static final Set<String> TOP_LEVEL = Set.of("README.md", "conf", "master", "worker",
            "common", "modules", "packaging", "pom.xml");

    private static final Path ROOT = root();
    private static final Path WORKER = ROOT.resolve("worker/src/main/java/dev/sluice/worker");

    /** What must not be written in code, and what to write instead. */
    private static final Map<String, String> BANNED_CODE = bannedCode();

    private static Map<String, String> bannedCode() {
        var bans = new LinkedHashMap<String, String>();
        bans.put("\\bThread\\.sleep\\b", "wait for a condition, with a deadline");
        bans.put("\\bTimeUnit\\.\\w+\\.sleep\\b", "wait for a condition, with a deadline");
        bans.put("\\bSystem\\.(nanoTime|currentTimeMillis)\\b", "ask a Clock that was passed in");
        bans.put("\\b(Instant|LocalDate|LocalDateTime|ZonedDateTime)\\.now\\(\\)",
                "ask a Clock that was passed in");
        bans.put("\\bMath\\.random\\b|\\bnew Random\\(\\)(?!\\.nextLong\\(\\))",
                "pass a seeded random in; a test prints its seed");
        bans.put("\\bprintStackTrace\\b", "say it in one line of the error log");
        bans.put("^import (static )?[\\w.]+\\.\\*;", "name what is imported");
        bans.put("\\bsynchronized\\b", "give the field one owner, or send a message");
        bans.put("@Disabled\\b", "mend the test or remove it");
        bans.put("\\bfinalize\\(", "close it where its owner ends");
        return bans;
    }

    /** The same for whole lines: what stands in comments and in strings. */
    private static final Map<String, String> BANNED_TEXT = Map.of(
            "@author\\b", "the history knows who",
            "@SuppressWarnings\\(\"all\"\\)", "name the warning",
            "\\b(TODO|FIXME|XXX)\\b(?!.*#\\d)", "do it, or name the issue (#1)",
            "^\\s*///", "write /** */, which formatters leave alone",
            "^\\s*//.*[;{}]\\s*$", "no commented-out code: the history keeps it",
            "\\s+$", "no white space at the end of a line",
            "\\t", "four spaces");

    private static Path root() {
        Path at = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(at.resolve("packaging"))
                || !Files.isRegularFile(at.resolve("pom.xml"))) {
            at = at.getParent();
        }
        return at;
    }

    @Test
    void filesMethodsAndLinesAreShort() throws IOException {
        var wrong = new ArrayList<String>();
        for (SourceFile file : SourceFile.all(ROOT)) {
            String name = name(file.path());
            if (file.lines().size() > FILE_LINES_MAX) {
                wrong.add(name + " has " + file.lines().size() + " lines: split it by subject");
            }
            for (int i = 0; i < file.lines().size(); i++) {
                if (file.lines().get(i).length() > COLUMNS_MAX) {
                    wrong.add(name + ":" + (i + 1) + ": longer than " + COLUMNS_MAX + " columns");
                }
            }
            for (SourceFile.Body method : file.methods()) {
                if (method.lineCount() > METHOD_LINES_MAX) {
                    wrong.add(name + ":" + method.firstLine() + ": " + method.name() + " has "
                            + method.lineCount() + " lines: give its parts names");
                }
            }
        }
        assertEquals("", String.join("\n", wrong));
    }

    @Test
    void bannedWordsHaveBetterOnes() throws IOException {
        var wrong = new ArrayList<String>();
        for (SourceFile file : SourceFile.all(ROOT)) {
            search(file, file.code(), BANNED_CODE, wrong);
            search(file, file.lines(), BANNED_TEXT, wrong);
        }
        assertEquals("", String.join("\n", wrong));
    }

    private static void search(SourceFile file, List<String> lines, Map<String, String> bans,
            List<String> wrong) {
        for (var ban : bans.entrySet()) {
            if (isHome(file, ban.getKey())) {
                continue;
            }
            Pattern pattern = Pattern.compile(ban.getKey());
            for (int i = 0; i < lines.size(); i++) {
                var match = pattern.matcher(lines.get(i));
                if (match.find()) {
                    wrong.add(name(file.path()) + ":" + (i + 1) + ": \"" + match.group().strip()
                            + "\": " + ban.getValue());
                }
            }
        }
    }

    /** The one place where the banned thing is at home, and this list of bans. */
    private static boolean isHome(SourceFile file, String ban) {
        return file.path().endsWith("TidyTest.java")
                || ban.contains("nanoTime") && file.in("/clock/");
    }

    /** Rule 4: a time or a size without its unit is a bug to come. */
    @Test
    void configurationFieldsCarryTheirUnit() throws IOException {
        var wrong = new ArrayList<String>();
        Pattern bare = Pattern.compile("\\b(int|long) \\w*([tT]imeout|[sS]ize|[iI]nterval)\\b");
        for (SourceFile file : SourceFile.all(ROOT)) {
            if (file.in("common/src/main/java/dev/sluice/common/config/")
                    && file.path().getFileName().toString().endsWith("Config.java")) {
                for (String line : file.code()) {
                    if (bare.matcher(line).find()) {
                        wrong.add(name(file.path()) + ": " + line.strip());
                    }
                }
            }
        }
        assertEquals("", String.join("\n", wrong), "fields end in Ms, Bytes, Max or Count");
    }

    @Test
    void topLevelIsAsAgreed() throws IOException {
        var found = new TreeSet<String>();
        try (Stream<Path> entries = Files.list(ROOT)) {
            entries.map(entry -> entry.getFileName().toString())
                    .filter(name -> !name.startsWith(".") && !name.equals("target"))
                    .forEach(found::add);
        }
        assertEquals(new TreeSet<>(TOP_LEVEL), found);
    }

    @Test
    void everyFolderIntroducesItself() {
        for (String folder : List.of("common", "master", "worker", "modules", "packaging")) {
            assertTrue(Files.exists(ROOT.resolve(folder).resolve("README.md")),
                    folder + " has no README.md of one screen");
        }
    }

    /** Rule 20: what is renamed is renamed in the chapter, too: package/Type or a Type alone. */
    @Test
    void everyFileOfTheLifeOfARequestExists() throws IOException {
        String readme = Files.readString(ROOT.resolve("README.md"));
        var chapter = Pattern.compile("(?ims)^#+ the life of a request$(.*?)(^#+ |\\z)")
                .matcher(readme);
        assertTrue(chapter.find(), "README.md has no chapter \"The life of a request\"");
        Set<String> types = new TreeSet<>();
        for (SourceFile file : SourceFile.all(ROOT)) {
            types.add(file.path().getFileName().toString().replace(".java", ""));
        }
        var named = Pattern.compile("\\b([a-z0-9]+)/([A-Z]\\w+)|`([A-Z]\\w+)`"
                + "|\\b([A-Z][a-z0-9]+[A-Z]\\w*)\\b").matcher(chapter.group(1));
        var absent = new ArrayList<String>();
        int count = 0;
        while (named.find()) {
            count++;
            boolean exists = named.group(1) != null
                    ? Files.exists(WORKER.resolve(named.group() + ".java"))
                    : types.contains(named.group().replace("`", ""));
            if (!exists) {
                absent.add(named.group());
            }
        }
        assertEquals(List.of(), absent, "types of the chapter that do not exist");
        assertTrue(count >= 8, "the chapter names only " + count + " types");
    }

    private static String name(Path path) {
        return ROOT.relativize(path.toAbsolutePath()).toString();
    }
}
