package dev.sluice.worker.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.worker.exchange.SteadyAllocation;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The system calls against a real directory. */
final class LibcTest {

    private static final int READ = Libc.O_RDONLY | Libc.O_NONBLOCK | Libc.O_CLOEXEC;

    @TempDir Path root;

    private final Arena arena = Arena.ofAuto();

    private long text(String path) {
        return arena.allocateFrom(path).address();
    }

    private int directory() {
        int fd = Libc.openDirectory(text(root.toString()));
        assertTrue(fd >= 0, () -> Errno.text(-fd));
        return fd;
    }

    @Test
    void opensReadsAndCloses() throws Exception {
        Files.writeString(root.resolve("a.txt"), "hello, world");
        int dir = directory();
        int fd = Libc.openBeneath(dir, text("a.txt"), READ, Libc.RESOLVE_BENEATH);
        assertTrue(fd >= 0, () -> Errno.text(-fd));
        MemorySegment memory = arena.allocate(64);
        assertEquals(5, Libc.pread(fd, memory.address(), 64, 7));
        assertEquals("world", new String(memory.asSlice(0, 5).toArray(
                java.lang.foreign.ValueLayout.JAVA_BYTE), StandardCharsets.US_ASCII));
        assertEquals(0, Libc.pread(fd, memory.address(), 64, 12));
        assertEquals(0, Libc.close(fd));
        assertEquals(-9, Libc.close(fd));
        assertEquals(0, Libc.close(dir));
    }

    @Test
    void tellsWhatAFileIs() throws Exception {
        Path file = Files.writeString(root.resolve("a.txt"), "12345");
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_700_000_000_123L));
        int dir = directory();
        FileStatus status = new FileStatus();
        assertEquals(0, Libc.statx(dir, text("a.txt"), 0, status));
        assertTrue(status.isRegularFile());
        assertEquals(5, status.size());
        assertEquals(1_700_000_000L, status.mtimeSeconds());
        assertEquals(123_000_000, status.mtimeNs());
        assertEquals(Files.getAttribute(file, "unix:ino"), status.inode());
        assertEquals(0, Libc.fstat(dir, status));
        assertTrue(status.isDirectory());
        assertEquals(-Errno.ENOENT, Libc.statx(dir, text("b"), 0, status));
        Files.createSymbolicLink(root.resolve("l"), Path.of("a.txt"));
        assertEquals(0, Libc.statx(dir, text("l"), Libc.AT_SYMLINK_NOFOLLOW, status));
        assertTrue(status.isLink());
        Libc.close(dir);
    }

    @Test
    void staysBeneathTheDirectory() throws Exception {
        Path in = Files.createDirectories(root.resolve("in/deep"));
        Files.writeString(root.resolve("secret"), "s");
        Files.writeString(in.resolve("f"), "f");
        Files.createSymbolicLink(root.resolve("in/out"), Path.of("../secret"));
        Files.createSymbolicLink(root.resolve("in/link"), Path.of("deep/f"));
        int dir = Libc.openDirectory(text(root.resolve("in").toString()));
        long beneath = Libc.RESOLVE_BENEATH | Libc.RESOLVE_NO_MAGICLINKS;
        assertEquals(-Errno.EXDEV, Libc.openBeneath(dir, text("../secret"), READ, beneath));
        assertEquals(-Errno.EXDEV, Libc.openBeneath(dir, text("out"), READ, beneath));
        assertEquals(-Errno.EXDEV,
                Libc.openBeneath(dir, text(root + "/secret"), READ, beneath));
        int inside = Libc.openBeneath(dir, text("link"), READ, beneath);
        assertTrue(inside >= 0);
        assertEquals(-Errno.ELOOP,
                Libc.openBeneath(dir, text("link"), READ, Libc.RESOLVE_NO_SYMLINKS));
        int anywhere = Libc.openBeneath(dir, text("out"), READ, 0);
        assertTrue(anywhere >= 0);
        Libc.close(inside);
        Libc.close(anywhere);
        Libc.close(dir);
    }

    @Test
    void walksComponentsWhereTheKernelIsOld() throws Exception {
        Path in = Files.createDirectories(root.resolve("in/deep"));
        Files.writeString(root.resolve("secret"), "s");
        Files.writeString(in.resolve("f"), "f");
        Files.createSymbolicLink(root.resolve("in/out"), Path.of("../secret"));
        Files.createSymbolicLink(root.resolve("in/dir"), Path.of("deep"));
        int dir = Libc.openDirectory(text(root.resolve("in").toString()));
        int fd = Libc.openByComponents(dir, text("deep/f"), READ);
        assertTrue(fd >= 0, () -> Errno.text(-fd));
        Libc.close(fd);
        assertEquals(-Errno.EXDEV, Libc.openByComponents(dir, text("../secret"), READ));
        assertEquals(-Errno.EXDEV, Libc.openByComponents(dir, text("/etc/passwd"), READ));
        assertEquals(-Errno.EXDEV, Libc.openByComponents(dir, text("deep/../../secret"), READ));
        assertEquals(-Errno.ELOOP, Libc.openByComponents(dir, text("out"), READ));
        assertEquals(-Errno.ENOTDIR, Libc.openByComponents(dir, text("dir/f"), READ));
        assertEquals(-Errno.ENOENT, Libc.openByComponents(dir, text("deep/none"), READ));
        Libc.close(dir);
    }

    @Test
    void sendsAFileFromAnOffset() throws Exception {
        Path from = Files.writeString(root.resolve("from"), "0123456789");
        Path to = Files.createFile(root.resolve("to"));
        int in = Libc.openBeneath(Libc.AT_FDCWD, text(from.toString()), READ, 0);
        int out = Libc.openBeneath(Libc.AT_FDCWD, text(to.toString()), 1, 0);
        assertEquals(4, Libc.sendfile(out, in, 3, 4));
        assertEquals(0, Libc.sendfile(out, in, 10, 4));
        assertEquals("3456", Files.readString(to));
        // Not a socket: what matters is that the error arrives as a number.
        assertEquals(-88, Libc.sendMore(out, text("x"), 1));
        Libc.close(in);
        Libc.close(out);
    }

    @Test
    void callsAllocateNothing() throws Exception {
        Files.writeString(root.resolve("a"), "x");
        int dir = directory();
        long path = text("a");
        FileStatus status = new FileStatus();
        long least = SteadyAllocation.leastBytes(999, () -> {
            for (int i = 0; i < 1000; i++) {
                Libc.statx(dir, path, 0, status);
            }
        });
        assertTrue(least < 1000, least + " bytes in 1000 calls");
        Libc.close(dir);
    }
}
