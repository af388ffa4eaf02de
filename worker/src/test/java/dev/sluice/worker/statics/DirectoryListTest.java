package dev.sluice.worker.statics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.config.StaticConfig.Symlinks;
import dev.sluice.worker.linux.Errno;
import dev.sluice.worker.linux.Libc;
import dev.sluice.worker.statics.DirectoryEntry.Type;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a list of a directory shows, and how names are written that want to be more. */
final class DirectoryListTest {

    @TempDir
    Path root;

    private List<DirectoryEntry> read(String path, Symlinks symlinks) {
        FileRoot files = new FileRoot(root.toString(), FileRoot.Strip.NOTHING, "", symlinks);
        try (Arena arena = Arena.ofConfined()) {
            int fd = Libc.openDirectory(arena.allocateFrom(root.toString()).address());
            var reader = new DirectoryReader(fd, path.getBytes(StandardCharsets.UTF_8), symlinks,
                    files.resolve);
            List<DirectoryEntry> entries = reader.read();
            Libc.close(fd);
            if (entries == null) {
                assertTrue(reader.errno() > 0);
                return null;
            }
            Collections.sort(entries);
            return entries;
        }
    }

    private static List<String> names(List<DirectoryEntry> entries) {
        return entries.stream().map(DirectoryEntry::name).toList();
    }

    @Test
    void directoriesComeFirstAndHiddenNamesNotAtAll() throws IOException {
        Files.writeString(root.resolve("b"), "12345");
        Files.writeString(root.resolve("A"), "");
        Files.createDirectories(root.resolve("sub/deeper"));
        Files.createDirectory(root.resolve(".git"));
        Files.writeString(root.resolve(".htpasswd"), "secret");
        List<DirectoryEntry> entries = read("./", Symlinks.OFF);
        assertEquals(List.of("sub", "A", "b"), names(entries));
        assertEquals(Type.DIRECTORY, entries.get(0).type());
        assertEquals(5, entries.get(2).size());
        assertEquals(List.of("deeper"), names(read("sub/", Symlinks.OFF)));
    }

    /** A link to it would be answered with 400. */
    @Test
    void whatNoRequestMayAskForIsNotShown() throws IOException {
        for (String name : List.of("a\nb", "tab\t", "del\u007f", "x\\..", "%0A", "%2F..", "a b")) {
            Files.createFile(root.resolve(name));
        }
        assertEquals(List.of("%0A", "%2F..", "a b"), names(read("./", Symlinks.OFF)));
    }

    @Test
    void linksAreShownWhereTheyAreFollowed(@TempDir Path elsewhere) throws IOException {
        Files.createDirectory(root.resolve("sub"));
        Files.writeString(root.resolve("file"), "123");
        Files.createSymbolicLink(root.resolve("sub/up"), Path.of("../file"));
        Files.createSymbolicLink(root.resolve("sub/out"),
                Files.writeString(elsewhere.resolve("x"), "12"));
        Files.createSymbolicLink(root.resolve("sub/nowhere"), Path.of("nothing"));
        assertEquals(List.of("out", "up"), names(read("sub/", Symlinks.OFF)));
        List<DirectoryEntry> inside = read("sub/", Symlinks.IF_OUTSIDE_ROOT);
        assertEquals(List.of("up"), names(inside));
        assertEquals(3, inside.getFirst().size(), "of the file it leads to");
        assertEquals(List.of(), names(read("sub/", Symlinks.ON)));
    }

    @Test
    void aDirectoryThatIsALinkOutOfTheRootIsNotRead(@TempDir Path elsewhere) throws IOException {
        Files.createSymbolicLink(root.resolve("away"), elsewhere);
        assertNull(read("away/", Symlinks.IF_OUTSIDE_ROOT));
        assertNull(read("../", Symlinks.IF_OUTSIDE_ROOT));
        assertEquals(403, FileTroubles.statusOf(Errno.EXDEV));
    }

    @Test
    void namesCannotBecomeMarkup() {
        String name = "<b onclick=\"x\">&'%?#:é";
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        var entry = new DirectoryEntry(bytes, name, Type.FILE, 7, 0);
        String page = new String(DirectoryText.page("/<i>/", List.of(entry), true),
                StandardCharsets.UTF_8);
        assertTrue(page.contains("<a href=\"%3Cb%20onclick%3D%22x%22%3E%26%27%25%3F%23%3A%C3%A9\">"
                + "&lt;b onclick=&quot;x&quot;&gt;&amp;&#39;%?#:é</a>"), page);
        assertTrue(page.contains("<title>Index of /&lt;i&gt;/</title>"), page);
        assertFalse(page.contains("<b ") || page.contains("<i>"), page);
        String json = new String(DirectoryText.json(List.of(entry)), StandardCharsets.UTF_8);
        assertEquals("[\n{\"name\":\"\\u003cb onclick=\\\"x\\\"\\u003e\\u0026'%?#:é\","
                + "\"type\":\"file\",\"mtime\":\"Thu, 01 Jan 1970 00:00:00 GMT\",\"size\":7}\n]\n",
                json);
    }

    @Test
    void aLineOfThePage() {
        var entry = new DirectoryEntry(new byte[] {'a'}, "a", Type.FILE, 1_500_000, 86_400);
        assertEquals("<a href=\"a\">a</a>" + " ".repeat(50) + "02-Jan-1970 00:00"
                + " ".repeat(12) + "1500000", line(entry, true));
        assertEquals("<a href=\"a\">a</a>" + " ".repeat(50) + "02-Jan-1970 00:00"
                + " ".repeat(17) + "1M", line(entry, false));
        var directory = new DirectoryEntry(new byte[] {'d'}, "d".repeat(60), Type.DIRECTORY, 0, 0);
        assertEquals("<a href=\"d/\">" + "d".repeat(47) + "..&gt;</a> 01-Jan-1970 00:00"
                + " ".repeat(18) + "-", line(directory, true));
    }

    private static String line(DirectoryEntry entry, boolean exactSize) {
        return new String(DirectoryText.page("/", List.of(entry), exactSize),
                StandardCharsets.UTF_8).lines().filter(line -> line.contains("<pre>"))
                .map(line -> line.substring(line.indexOf("<pre>") + 5)).findFirst().orElseThrow();
    }

    @Test
    void noMoreThanSoManyAreRead() throws IOException {
        for (int i = 0; i < DirectoryReader.ENTRIES_MAX + 20; i++) {
            Files.createFile(root.resolve("f" + i));
        }
        assertEquals(DirectoryReader.ENTRIES_MAX, read("./", Symlinks.OFF).size());
    }
}
