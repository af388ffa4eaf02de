package dev.sluice.master.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.config.ConfigLoader;
import dev.sluice.common.config.LoadedConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What -t says of folders of caches, and that it makes nothing. */
final class CacheFolderCheckTest {

    @TempDir Path dir;

    private List<String> warnings(String path, String size, String user) throws IOException {
        Path file = dir.resolve("sluice.ini");
        Files.writeString(file, "[main]\nrun_directory = " + dir + "\n[cache pages]\npath = "
                + dir.resolve(path) + "\nmax_size = " + size + "\n[server s]\nlisten = 80\n");
        LoadedConfig loaded = ConfigLoader.load(file, null, List.of());
        assertEquals(List.of(), loaded.errors());
        return CacheFolderCheck.of(loaded, user).warnings().stream()
                .map(one -> one.asWarning().replace(dir.toString(), "DIR")).toList();
    }

    @Test
    void whatCanBeMadeIsNotSpokenOf() throws IOException {
        assertEquals(List.of(), warnings("a/b/pages", "1m", ""));
        assertTrue(Files.notExists(dir.resolve("a")));
    }

    @Test
    void aFileInTheWay() throws IOException {
        Files.createFile(dir.resolve("a"));
        String told = warnings("a/pages", "1m", "").getFirst();
        assertTrue(told.contains("sluice.ini:3: [cache pages]: \"DIR/a\" is no folder, so nothing"
                + " will be stored"), told);
    }

    @Test
    void aFolderOfSomebodyElse() throws IOException {
        Files.createDirectory(dir.resolve("pages"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        String told = warnings("pages", "1m", "no-such-user").getFirst();
        assertTrue(told.contains("\"DIR/pages\" cannot be written by no-such-user, so nothing will"
                + " be stored"), told);
        assertTrue(told.contains("help: chown no-such-user DIR/pages"), told);
        told = warnings("pages/more", "1m", "no-such-user").getFirst();
        assertTrue(told.contains("\"DIR/pages/more\" cannot be made by no-such-user"), told);
        Files.setPosixFilePermissions(dir.resolve("pages"),
                PosixFilePermissions.fromString("rwxrwxrwx"));
        assertEquals(List.of(), warnings("pages", "1m", "no-such-user"));
    }

    @Test
    void aFileSystemThatIsTooSmall() throws IOException {
        String told = warnings("pages", "1000000g", "").getFirst();
        assertTrue(told.matches("(?s).*max_size is 1000000g, but the file system of \"DIR\" has"
                + " room for [0-9]+m only.*what finds no room is passed on and not stored.*"),
                told);
    }
}
