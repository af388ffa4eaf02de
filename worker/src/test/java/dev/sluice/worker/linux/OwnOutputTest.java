package dev.sluice.worker.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnOutputTest {

    @TempDir Path folder;

    private static Path target(int fd) throws IOException {
        return Files.readSymbolicLink(Path.of("/proc/self/fd/" + fd));
    }

    private int open(Path file) {
        try (Arena arena = Arena.ofConfined()) {
            return Libc.open(arena.allocateFrom(file.toString()).address(), Libc.O_RDONLY);
        }
    }

    @Test
    void numbersKeepTheirMeaningOnlyUntilTheyAreMoved() throws Exception {
        Path before = Files.createFile(folder.resolve("before"));
        Path after = Files.createFile(folder.resolve("after"));
        int one = open(before);
        int two = open(before);
        try {
            assertEquals(before.toRealPath(), target(one));
            assertEquals(0, OwnOutput.moveTo(after.toString(), one, two));
            assertEquals(after.toRealPath(), target(one));
            assertEquals(after.toRealPath(), target(two));
            assertEquals(-Errno.ENOENT,
                    OwnOutput.moveTo(folder.resolve("none").toString(), one, two));
            assertEquals(after.toRealPath(), target(one));
        } finally {
            Libc.close(one);
            Libc.close(two);
        }
    }
}
