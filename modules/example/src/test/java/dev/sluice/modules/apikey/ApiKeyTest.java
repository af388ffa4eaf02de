package dev.sluice.modules.apikey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sluice.module.ModuleException;
import dev.sluice.module.testkit.InMemorySluice;
import dev.sluice.module.testkit.TestRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ApiKeyTest {

    @TempDir
    Path folder;

    private InMemorySluice open() throws Exception {
        Path keys = Files.writeString(folder.resolve("keys"), "4f1c meter readers\n");
        return InMemorySluice.of(new ApiKeyModule()).set("api_key", "on")
                .set("api_key_file", keys.toString()).open();
    }

    @Test
    void aKnownKeyComesInAndItsOwnerIsNamed() throws Exception {
        try (InMemorySluice sluice = open()) {
            assertEquals(200, sluice.send(TestRequest.get("/").header("X-Api-Key", "4f1c")
                    .header("X-Api-Owner", "root")).status());
            assertEquals("meter readers", sluice.fieldSeenByPeer("X-Api-Owner"));
            assertNull(sluice.fieldSeenByPeer("X-Api-Key"));
        }
    }

    @Test
    void othersAreAskedForAKey() throws Exception {
        try (InMemorySluice sluice = open()) {
            assertEquals("ApiKey realm=\"api\"",
                    sluice.send(TestRequest.get("/")).header("WWW-Authenticate"));
            assertEquals(401, sluice.send(TestRequest.get("/").header("X-Api-Key", "no"))
                    .status());
        }
    }

    @Test
    void aFileThatIsNotThereIsRefusedAtTheStart() {
        assertThrows(ModuleException.class, () -> InMemorySluice.of(new ApiKeyModule())
                .set("api_key", "on").set("api_key_file", "/none").open());
    }
}
