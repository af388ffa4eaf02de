package dev.sluice.modules.basicauth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Hashes made by htpasswd, openssl and the reference implementation of Argon2. */
class PasswordHashTest {

    @ParameterizedTest
    @CsvSource({
        "secret,   $2y$05$.VtJQ3Febk1523YLkE//ZeSfPI8uDvtUAL99fYZXz0BUnQwxPdR/a",
        "secret,   $apr1$abcdefgh$h9FWgUz3n9YxylKLlR5SQ/",
        "secret,   $5$saltsalt$0IyaXrmV7.sGNS6tirgqHLqX/G.FBvgkYA.lpPdS5sA",
        "secret,   $6$saltsalt$TVLlQcbpFVof5W3Yz4DTP6gRstiNuHwwTt6GLc1E5n0U0aDehy0S5knV8wiOQSpT"
            + "0Y77vwPZN.Pq.H91p5hVO1",
        "password, '$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ"
            + "$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4'",
    })
    void theRightPasswordMatchesAndNoOther(String password, String hash) {
        byte[] right = password.getBytes(StandardCharsets.US_ASCII);
        assertTrue(PasswordHash.matches(hash, right));
        assertEquals(password, new String(right, StandardCharsets.US_ASCII), "not cleared");
        assertFalse(PasswordHash.matches(hash, "secreT".getBytes(StandardCharsets.US_ASCII)));
        assertFalse(PasswordHash.matches(hash, new byte[0]));
    }
}
