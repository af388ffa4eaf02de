package dev.sluice.modules.basicauth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.module.ModuleException;
import dev.sluice.module.testkit.InMemorySluice;
import dev.sluice.module.testkit.TestAnswer;
import dev.sluice.module.testkit.TestRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Passwords, from the file to the answer. */
final class BasicAuthTest {

    private static final String ANN = "ann:$apr1$abcdefgh$h9FWgUz3n9YxylKLlR5SQ/\n";

    @TempDir
    private Path folder;

    private final AtomicLong nowMs = new AtomicLong(1_795_197_600_000L);
    private Path users;
    private InMemorySluice sluice;

    @BeforeEach
    void open() throws Exception {
        users = Files.writeString(folder.resolve("users"), "# who may\n" + ANN);
        sluice = with("the shop").open();
    }

    @AfterEach
    void close() {
        sluice.close();
    }

    private InMemorySluice with(String realm) {
        return InMemorySluice.of(new BasicAuthModule(() -> Instant.ofEpochMilli(nowMs.get())))
                .set("auth_basic", realm).set("auth_basic_user_file", users.toString());
    }

    private static String basic(String credentials) {
        return "Basic " + Base64.getEncoder().encodeToString(
                credentials.getBytes(StandardCharsets.UTF_8));
    }

    private TestAnswer ask(String credentials) {
        return sluice.send(TestRequest.get("/").header("Authorization", basic(credentials)));
    }

    private void change(String text) throws IOException {
        Files.writeString(users, text);
        Files.setLastModifiedTime(users, FileTime.fromMillis(1));
        nowMs.addAndGet(2_000);
    }

    @Test
    void whoNamesNobodyIsAskedWho() {
        TestAnswer asked = sluice.send(TestRequest.get("/"));
        assertEquals(401, asked.status());
        assertEquals("Basic realm=\"the shop\", charset=\"UTF-8\"",
                asked.header("WWW-Authenticate"));
        assertTrue(sluice.log().isEmpty());
    }

    @Test
    void aRightPasswordComesIn() {
        for (int i = 0; i < 2; i++) {
            TestAnswer in = ask("ann:secret");
            assertEquals(200, in.status());
            assertNull(in.header("WWW-Authenticate"));
        }
        assertTrue(sluice.log().isEmpty());
    }

    @Test
    void aWrongOneDoesNotAndIsLoggedWithoutThePassword() {
        assertEquals(401, ask("ann:hunter2").status());
        assertEquals("warn: user \"ann\" sent a wrong password, client: 192.0.2.7,"
                + " request: \"GET /\"", sluice.log().getLast());
        assertEquals(401, ask("bob:hunter2").status());
        assertTrue(sluice.log().getLast().startsWith("warn: user \"bob\" was not found in \""));
        assertFalse(sluice.log().toString().contains("hunter2"));
        assertFalse(sluice.log().toString().contains("aHVudGVyM"));
    }

    @Test
    void aProvedPasswordIsComparedAgainAfterAMinute() throws IOException {
        assertEquals(200, ask("ann:secret").status());
        // Nobody looks at the file before the minute is over, and then it is there no more.
        nowMs.addAndGet(59_999);
        Files.delete(users);
        assertEquals(200, ask("ann:secret").status());
        nowMs.addAndGet(1);
        assertEquals(500, ask("ann:secret").status());
        assertTrue(sluice.log().getLast().startsWith("error: file of users \""));
    }

    @Test
    void aChangedFileEndsWhatWasProved() throws Exception {
        assertEquals(200, ask("ann:secret").status());
        change("");
        // The request that makes it look is still let in; the look is on another thread.
        while (ask("ann:secret").status() == 200) {
            Thread.onSpinWait();
        }
        assertEquals(401, ask("ann:secret").status());
        change(ANN);
        assertEquals(200, ask("ann:secret").status());
    }

    @Test
    void whatIsNoBasicFieldNamesNobody() {
        for (String value : new String[] {"Basic", "Basic !!", "Bearer abc", "Basic YW5u",
            basic(":secret"), basic("ann:" + "x".repeat(1024))}) {
            assertEquals(401, sluice.send(TestRequest.get("/").header("Authorization", value))
                    .status(), value);
        }
        assertEquals(401, sluice.send(TestRequest.get("/")
                .header("Authorization", basic("ann:secret")).header("Authorization", "x"))
                .status());
    }

    @Test
    void whoGuessesDoesNotFillTheLog() {
        for (int i = 0; i < 30; i++) {
            assertEquals(401, ask("ann:" + i).status());
        }
        assertEquals(10, sluice.log().size());
    }

    @Test
    void offAsksForNothing() throws Exception {
        try (InMemorySluice off = with("off").open()) {
            assertFalse(off.hasHooks());
        }
    }

    @Test
    void whatCannotBeUsedIsSaidAtTheCheck() throws Exception {
        assertTrue(refusal(with("a \"shop\"")).contains("is no realm"));
        assertTrue(refusal(InMemorySluice.of(new BasicAuthModule()).set("auth_basic", "a"))
                .contains("no file has any"));
        Files.writeString(users, ANN + "bob:secret\ncarl:secret\n");
        assertEquals("\"" + users + "\" line 2: the password of \"bob\" is not hashed in a way that"
                + " is known, and 1 lines more", refusal(with("shop").dryRun()));
        Files.delete(users);
        assertTrue(refusal(with("shop").dryRun()).endsWith("does not exist"));
    }

    private static String refusal(InMemorySluice bad) {
        return assertThrows(ModuleException.class, bad::open).getMessage();
    }
}
