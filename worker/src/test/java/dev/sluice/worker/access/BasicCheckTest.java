package dev.sluice.worker.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.worker.exchange.Exchange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Passwords, from the file to the answer. */
class BasicCheckTest {

    private static final String ANN = "ann:$apr1$abcdefgh$h9FWgUz3n9YxylKLlR5SQ/\n";

    @TempDir
    private Path directory;

    @BeforeEach
    void writeUsers() throws IOException {
        Files.writeString(directory.resolve("users"), "# who may\n" + ANN);
    }

    private AccessHarness start(String more) {
        return new AccessHarness(directory, "auth_basic = \"the shop\" file=users\n" + more);
    }

    @Test
    void whoNamesNobodyIsAskedWho() {
        AccessHarness a = start("error_page = 401 /login\n[location www /login]\n"
                + "auth_basic = off\nreturn = 200 \"who are you\"\n");
        assertEquals(401, a.get("/", null));
        assertEquals("Basic realm=\"the shop\", charset=\"UTF-8\"",
                a.h.client.header("www-authenticate"));
        assertEquals("who are you", a.h.client.body());
        assertTrue(a.h.errors.isEmpty());
    }

    @Test
    void aRightPasswordComesIn() {
        AccessHarness a = start("");
        Exchange x = a.begin("/", "ann:secret");
        assertFalse(a.h.client.headSent());
        assertEquals("waiting to be admitted", x.state.phrase());
        a.runWork();
        assertEquals(200, a.h.client.finish().status());
        assertNull(a.h.client.header("www-authenticate"));
    }

    @Test
    void aWrongOneDoesNotAndIsLoggedWithoutThePassword() {
        AccessHarness a = start("");
        assertEquals(401, a.get("/", "ann:hunter2"));
        assertTrue(a.h.errors.getLast().startsWith("warn: user \"ann\" sent a wrong password while"
                + " waiting to be admitted, client: 192.0.2.7"), a.h.errors.getLast());
        assertEquals(401, a.get("/", "b\u0001b:hunter2"));
        assertTrue(a.h.errors.getLast().startsWith("warn: user \"b\\x01b\" was not found in \""));
        assertFalse(a.h.errors.toString().contains("hunter2"));
        assertFalse(a.h.errors.toString().contains("aHVudGVyM"));
    }

    @Test
    void anUnknownUserCostsAHashToo() {
        Users users = new Users(directory.resolve("users").toString(), start("").sideClock);
        assertEquals(Users.Answer.NO_SUCH_USER, users.check("bob", new byte[] {1}));
        assertEquals(Users.Answer.WRONG_PASSWORD, users.check("ann", new byte[] {1}));
    }

    @Test
    void aProvedPasswordIsNotComparedAgainForAWhile() {
        AccessHarness a = start("");
        assertEquals(200, a.get("/", "ann:secret"));
        a.begin("/", "ann:secret");
        assertEquals(200, a.h.client.finish().status());
        a.h.clock.stepMs(61_000);
        a.h.ctx.clock.update();
        a.begin("/", "ann:secret");
        assertFalse(a.h.client.headSent());
    }

    @Test
    void requestsWithTheSameCredentialsWaitForOneComparison() {
        AccessHarness a = start("");
        a.begin("/", "ann:secret");
        assertEquals(1, a.work.size());
        a.h.client.hangUp();
        a.begin("/", "ann:secret");
        assertEquals(1, a.work.size());
        a.runWork();
        assertEquals(200, a.h.client.finish().status());
    }

    @Test
    void aChangedFileEndsWhatWasProved() throws IOException {
        AccessHarness a = start("");
        assertEquals(200, a.get("/", "ann:secret"));
        Path users = directory.resolve("users");
        Files.writeString(users, "");
        Files.setLastModifiedTime(users, FileTime.fromMillis(1));
        a.h.clock.stepMs(2000);
        a.h.ctx.clock.update();
        a.sideClock.stepMs(2000);
        // The request that makes it look is still let in.
        assertEquals(200, a.get("/", "ann:secret"));
        assertEquals(401, a.get("/", "ann:secret"));
    }

    @Test
    void aFileThatHasGoneLetsNobodyIn() throws IOException {
        AccessHarness a = start("");
        Files.delete(directory.resolve("users"));
        assertEquals(500, a.get("/", "ann:secret"));
        assertTrue(a.h.errors.getLast().startsWith("error: file of users \""));
    }

    @Test
    void tooManyWaitersAreSentAway() {
        AccessHarness a = start("");
        a.workMax = 0;
        assertEquals(503, a.get("/", "ann:secret"));
        assertTrue(a.h.errors.getLast().startsWith("warn: too many credentials"));
    }

    @Test
    void whatIsNoBasicFieldNamesNobody() {
        AccessHarness a = start("");
        for (String value : new String[] {"Basic", "Basic !!", "Bearer abc", "Basic YW5u",
            AccessHarness.basic(":secret"), AccessHarness.basic("ann:" + "x".repeat(1024)),
            AccessHarness.basic("ann:secret") + "\nAuthorization: x"}) {
            assertEquals(401, a.h.send("GET / HTTP/1.1\nHost: a\nAuthorization: " + value)
                    .status(), value);
        }
    }

    @Test
    void whoGuessesDoesNotFillTheLog() {
        AccessHarness a = start("");
        for (int i = 0; i < 30; i++) {
            assertEquals(401, a.get("/", "ann:" + i));
        }
        assertEquals(10, a.h.errors.stream().filter(e -> e.startsWith("warn")).count());
    }

    @Test
    void anyOfAddressAndPasswordSuffices() {
        AccessHarness a = start("satisfy = any\nallow = 10.0.0.0/8\n");
        assertEquals(401, a.get("/", null));
        assertEquals(401, a.get("/", "ann:x"));
        assertEquals(200, a.get("/", "ann:secret"));
        a.h.client.remoteAddress = "10.0.0.1";
        assertEquals(200, a.get("/", null));
    }

    @Test
    void allAreAskedForBoth() {
        AccessHarness a = start("allow = 10.0.0.0/8\n");
        assertEquals(403, a.get("/", "ann:secret"));
        a.h.client.remoteAddress = "10.0.0.1";
        assertEquals(401, a.get("/", null));
        assertEquals(200, a.get("/", "ann:secret"));
    }
}
