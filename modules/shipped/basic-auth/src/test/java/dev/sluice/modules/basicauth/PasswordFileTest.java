package dev.sluice.modules.basicauth;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Files of users, line by line. */
final class PasswordFileTest {

    @Test
    void whatIsNotHashedOrGuessedTooFastIsRefused() {
        PasswordFile file = PasswordFile.of("""
                # comment
                ann:$2y$05$LL9Hz97XuYd0UKPmIR44Rem0y3/kzPgq/bboTexMi92p8AFkotuvm
                bob:secret
                carl:rl0uE9GdfGVVs
                dora:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=
                ann:$apr1$abcdefgh$h9FWgUz3n9YxylKLlR5SQ/:a comment
                eve:$2y$05$short
                finn:$2y$20$LL9Hz97XuYd0UKPmIR44Rem0y3/kzPgq/bboTexMi92p8AFkotuvm
                gil:$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAp\
                l8ArZWb2GRPPc
                hal:$6$rounds=9999999$saltsalt$TVLlQcbpFVof5W3Yz4DTP6gRstiNuHwwTt6GLc1E5n0U0aD\
                ehy0S5knV8wiOQSpT0Y77vwPZN.Pq.H91p5hVO1
                nobody
                """);
        assertEquals(Set.of("ann"), file.hashes().keySet());
        assertEquals(List.of(
                "3: the password of \"bob\" is not hashed in a way that is known",
                "4: the password of \"carl\" is hashed with DES, which is guessed too fast, or not"
                        + " at all",
                "5: the password of \"dora\" is hashed with SHA-1, which is guessed too fast",
                "6: \"ann\" is there twice",
                "7: the password of \"eve\" is no bcrypt hash",
                "8: the password of \"finn\" has a cost of 20, at most 14 can be borne",
                "9: the password of \"gil\" has memory in KiB of 65536, at most 24576 can be borne",
                "10: the password of \"hal\" has rounds of 9999999, at most 1000000 can be borne",
                "11: the line is not NAME:HASH"), file.problems().stream()
                        .map(one -> one.line() + ": " + one.message()).toList());
    }
}
