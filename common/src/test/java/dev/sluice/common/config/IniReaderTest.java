package dev.sluice.common.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written where: lines, includes, comments, odd bytes. */
class IniReaderTest {

    @TempDir
    Path directory;

    private final Problems problems = new Problems();

    private String read(String text) throws IOException {
        Path file = Files.writeString(directory.resolve("main.ini"), text);
        return flat(IniReader.read(file, problems));
    }

    private static String flat(List<IniSection> sections) {
        StringBuilder out = new StringBuilder();
        for (IniSection section : sections) {
            out.append('[').append(section.header()).append("]:").append(section.at().line());
            for (IniEntry entry : section.entries()) {
                Path file = Path.of(entry.at().file()).getFileName();
                out.append(' ').append(entry.key()).append('=').append(entry.value())
                        .append('@').append(file).append(':').append(entry.at().line());
            }
            out.append('\n');
        }
        return out.toString();
    }

    @Test
    void everyKeyKeepsItsLine() throws IOException {
        assertEquals("""
                [main]:3 a=1@main.ini:4 b=2@main.ini:7
                [server x y]:8 c=d e@main.ini:9
                [x]:11
                """, read("""
                # comment

                [ main ]
                a = 1 ; one

                ; more
                b=2
                [server x y]   # end
                c  =  d e\t

                [x]"""));
        assertEquals(List.of(), problems.errors());
    }

    @Test
    void backslashesAndDollarsAndOperatorsArePlain() throws IOException {
        assertEquals("[location w ~ ^/[a-z]+\\.x$]:1 r=^/a\\d=:$ /$1\\@main.ini:2"
                + " s=${a/y}\\n@main.ini:3\n",
                read("[location w ~ ^/[a-z]+\\.x$]\nr = ^/a\\d=:$ /$1\\\ns = ${a/y}\\n\n"));
    }

    @Test
    void windowsLinesAndAByteOrderMarkAreFine() throws IOException {
        assertEquals("[main]:1 a=1@main.ini:2 b=2@main.ini:3\n",
                read("\uFEFF[main]\r\na = 1\r\nb = 2"));
        assertEquals(List.of(), problems.errors());
    }

    @Test
    void aLongLineIsOneLine() throws IOException {
        String value = "x".repeat(100_000);
        assertEquals("[main]:1 a=" + value + "@main.ini:2 b=1@main.ini:3\n",
                read("[main]\na = " + value + "\nb = 1\n"));
    }

    @Test
    void bytesThatAreNoTextAreReported() throws IOException {
        byte[] text = "[main]\na = \u00ff\nb = \u0000\nc = 1\n".getBytes(
                StandardCharsets.ISO_8859_1);
        Path file = Files.write(directory.resolve("main.ini"), text);
        assertEquals("[main]:1 c=1@main.ini:4\n", flat(IniReader.read(file, problems)));
        assertEquals(List.of("this line is not UTF-8", "control character 0"),
                problems.errors().stream().map(ConfigError::message).toList());
    }

    @Test
    void includesAreSplicedAndTheSectionGoesOn() throws IOException {
        Files.createDirectories(directory.resolve("conf.d/sub"));
        Files.writeString(directory.resolve("conf.d/b.ini"), "in = b\n[types]\nt = b\n");
        Files.writeString(directory.resolve("conf.d/a.ini"), "in = a\ninclude = sub/x.ini\n");
        Files.writeString(directory.resolve("conf.d/.hidden.ini"), "in = hidden\n");
        Files.writeString(directory.resolve("conf.d/sub/x.ini"), "in = x\n[deep]\nd = 1\n");
        assertEquals("""
                [http]:1 b=1@main.ini:2 in=a@a.ini:1 in=x@x.ini:1 in=b@b.ini:1 e=1@main.ini:4
                [deep]:2 d=1@x.ini:3
                [types]:2 t=b@b.ini:3
                """, read("[http]\nb = 1\ninclude = conf.d/*.ini\ne = 1\n"));
        assertEquals(List.of(), problems.errors());
    }

    @Test
    void aFileMayBeIncludedTwiceOneAfterTheOther() throws IOException {
        Files.writeString(directory.resolve("x.ini"), "x = 1\n");
        assertEquals("[a]:1 x=1@x.ini:1\n[b]:3 x=1@x.ini:1\n",
                read("[a]\ninclude = x.ini\n[b]\ninclude = \"x.ini\"\n"));
        assertEquals(List.of(), problems.errors());
    }

    @Test
    void aMissingMainFileIsOneError() {
        assertEquals(List.of(), IniReader.read(directory.resolve("none.ini"), problems));
        assertEquals("sluice: [error] " + directory + "/none.ini: cannot be read: no such file",
                problems.errors().getFirst().asError());
    }

    @Test
    void aDirectoryIsNoFile() {
        IniReader.read(directory, problems);
        assertEquals("cannot be read: it is a directory",
                problems.errors().getFirst().message());
    }
}
