package dev.sluice.common.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file with flags for JVMs beside a configuration. */
final class JvmOptionsTest {

    @TempDir
    Path folder;

    private LoadedConfig load(String options) throws IOException {
        Files.writeString(folder.resolve(JvmOptions.NAME), options);
        Path file = folder.resolve("sluice.ini");
        Files.writeString(file, "[server s]\nlisten = 127.0.0.1:80\nreturn = 200 text\n");
        return ConfigLoader.load(file, null, List.of());
    }

    private String error(String options) throws IOException {
        LoadedConfig loaded = load(options);
        assertNull(loaded.config());
        return loaded.errors().getFirst().asError().replace(folder.toString(), "DIR");
    }

    @Test
    void flagsOfEachPart() throws IOException {
        JvmOptions jvm = load("""
                # for all
                [master]
                -Xmx96m

                [worker]
                  -Dname=value
                -XX:+UseG1GC""").jvm();
        assertEquals(List.of("-Xmx96m"), JvmOptions.words(jvm.master()));
        assertEquals(List.of("-Dname=value", "-XX:-UseSerialGC", "-XX:+UseG1GC"),
                JvmOptions.words(jvm.worker()));
        assertEquals(6, jvm.worker().getFirst().at().line());
    }

    @Test
    void ourCollectorIsNotSwitchedOff() throws IOException {
        assertEquals(List.of("-XX:+UseSerialGC"),
                JvmOptions.words(load("[worker]\n-XX:+UseSerialGC\n").jvm().worker()));
    }

    @Test
    void noFileIsNoFlag() {
        LoadedConfig loaded = ConfigLoader.loadText("", folder);
        assertEquals(List.of(), loaded.errors());
        assertEquals(List.of(), loaded.jvm().worker());
    }

    @Test
    void whatIsWrongIsToldWithItsLine() throws IOException {
        assertEquals("""
                sluice: [error] DIR/jvm.options:2: "heap=1g" is not a flag of a JVM
                        help: flags look like -Xmx128m, -XX:MaxMetaspaceSize=64m or -Dname=value\
                """, error("[worker]\nheap=1g\n"));
        assertEquals("""
                sluice: [error] DIR/jvm.options:1: unknown section [workers]
                        help: [master] and [worker] are known""", error("[workers]\n-Xmx1g\n"));
        assertEquals("""
                sluice: [error] DIR/jvm.options:1: "-Xmx1g" stands before any section
                        help: put it below [master] or [worker]""", error("-Xmx1g\n"));
        assertEquals("""
                sluice: [error] DIR/jvm.options:2: "-Xmx1g -Xms1g" is more than one word
                        help: write one flag a line""", error("[master]\n-Xmx1g -Xms1g\n"));
        assertEquals("""
                sluice: [error] DIR/jvm.options:2: "-XX:AOTCache=x" is not the operator's to set
                        help: the installation sets it, take it out""",
                error("[master]\n-XX:AOTCache=x\n"));
        assertEquals("""
                sluice: [error] DIR/jvm.options:2: "-jar" is not a flag of a JVM
                        help: flags look like -Xmx128m, -XX:MaxMetaspaceSize=64m or -Dname=value\
                """, error("[worker]\n-jar\n"));
    }

    @Test
    void theShippedFileHasNoFlag() throws IOException {
        Path shipped = Path.of("..", "conf", JvmOptions.NAME);
        LoadedConfig loaded = load(Files.readString(shipped));
        assertEquals(List.of(), loaded.errors());
        assertEquals(List.of(), loaded.jvm().master());
        assertEquals(List.of(), loaded.jvm().worker());
    }
}
