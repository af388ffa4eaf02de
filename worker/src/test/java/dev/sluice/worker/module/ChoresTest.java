package dev.sluice.worker.module;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.config.LoadedConfig;
import dev.sluice.common.counters.CounterId;
import dev.sluice.common.counters.ModuleTotals;
import dev.sluice.common.module.ModuleTrial;
import dev.sluice.worker.config.ConfigText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What modules have done from time to time, and files that are read anew. */
final class ChoresTest extends ScriptedServer {

    private Path file;

    private void write(String text) throws IOException {
        file = folder.resolve("watched");
        Path beside = Files.writeString(folder.resolve("beside"), text);
        Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING);
    }

    private void open() {
        file = folder.resolve("watched");
        with("variable", "greeting = " + file);
        modules.start();
    }

    /** Time passes; a look that it brings is waited for. */
    private void pass(long ms, int looks) throws InterruptedException {
        h.clock.stepMs(ms);
        h.ctx.clock.update();
        h.ctx.timers.advance(h.ctx.clock.nowNs());
        for (int i = 0; i < looks; i++) {
            mail.poll(10, TimeUnit.SECONDS).run();
        }
    }

    private String said() {
        String body = get().body();
        return body.substring(1, body.indexOf(' '));
    }

    private long calls() {
        return h.ctx.counters.values().named(h.ctx.counters.labels().named().indexOf(
                ModuleTotals.name(ModuleTotals.Of.CALLS, "scripted", "timer")));
    }

    @Test
    void aFileIsReadAnewWhenItHasChanged() throws Exception {
        write("one");
        open();
        assertEquals("one", said());
        pass(1_000, 1);
        assertEquals("one", said());
        write("two");
        assertEquals("one", said());
        pass(999, 0);
        pass(1, 1);
        assertEquals("two", said());
        modules.close();
    }

    @Test
    void whatCannotBeReadLeavesWhatWasReadBeforeAndIsToldOnce() throws Exception {
        write("one");
        open();
        write("bad");
        pass(1_000, 1);
        pass(1_000, 1);
        assertEquals("one", said());
        assertEquals("[warn: module scripted: \"" + file
                + "\" cannot be read: java.io.IOException: it is bad; what was read before stays]",
                h.errors.toString());
        Files.delete(file);
        pass(1_000, 1);
        assertEquals("one", said());
        assertTrue(h.errors.getLast().endsWith(
                "\" does not exist; what was read before stays"), h.errors::toString);
        write("three");
        pass(1_000, 1);
        assertEquals("three", said());
        assertEquals(2, h.errors.size(), h.errors::toString);
        modules.close();
    }

    @Test
    void aFileThatIsNotThereAtTheStartIsTakenWhenItComes() throws Exception {
        open();
        assertEquals("null", said());
        assertEquals("[warn: module scripted: \"" + file + "\" does not exist]",
                h.errors.toString());
        write("late");
        pass(1_000, 1);
        assertEquals("late", said());
        modules.close();
    }

    @Test
    void theCheckSaysWhatCannotBeRead() {
        LoadedConfig loaded = ModuleTrial.of(ConfigText.load(
                "[main]", "modules = " + folder.resolve("scripted.jar"),
                "[module scripted]", "greeting = " + folder.resolve("nowhere"),
                "[server www]", "listen = 80"));
        assertTrue(loaded.errors().getFirst().message().endsWith("nowhere\" does not exist"),
                loaded.errors()::toString);
    }

    @Test
    void aTimerIsCalledEachPeriodUntilTheEnd() throws Exception {
        write("one");
        open();
        assertEquals(0, calls());
        pass(199, 0);
        assertEquals(0, calls());
        pass(1, 0);
        assertEquals(1, calls());
        pass(200, 0);
        assertEquals(2, calls());
        modules.close();
        pass(400, 0);
        assertEquals(2, calls());
    }

    @Test
    void aTimerThatThrowsIsAFailureAndIsCalledAgainUntilTheBreakerOpens() throws Exception {
        write("throw");
        open();
        for (int i = 0; i < 14; i++) {
            pass(200, i == 4 || i == 9 ? 1 : 0);
        }
        assertEquals(Guard.FAILURES_MAX, h.ctx.counters.get(CounterId.MODULE_FAILURES));
        assertEquals(Guard.FAILURES_MAX, calls());
        assertTrue(h.errors.getFirst().contains("module scripted (timer) has failed"),
                h.errors::toString);
        modules.close();
    }
}
