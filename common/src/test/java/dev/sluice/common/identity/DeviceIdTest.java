package dev.sluice.common.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The example of the standard, and identifiers that other programs have published. */
final class DeviceIdTest {

    private static final HexFormat HEX = HexFormat.of();

    @Test
    void lfdiIsTheBeginningOfTheFingerprint() {
        byte[] fingerprint = HEX.parseHex(
                "3E4F45AB31EDFE5B67E343E5E4562E31984E23E5349E2AD745672ED145EE213A");

        assertEquals("3e4f45ab31edfe5b67e343e5e4562e31984e23e5", DeviceId.lfdi(fingerprint));
        assertEquals("167261211391", DeviceId.sfdi(fingerprint));
    }

    @ParameterizedTest
    @CsvSource({
        "3E4F45AB31EDFE5B67E343E5E4562E31984E23E5, 167261211391",
        // The first digit is 0 and stays.
        "0671C144D27DC9E612AFE7DC6C79EC089ED3DCC5, 017298934539",
        "93E795AE91F5F493813E3B39C8BC49F06FCA6258, 397028461857",
        "854d10a201ca99e5e90d3c3e1f9bc1c3bd075f3b, 357827241281",
        "30a13b2277d008c891e06e1d34ee728cc3a6db2b, 130539648399",
        "0000000000000000000000000000000000000000, 000000000000",
        "ffffffffffffffffffffffffffffffffffffffff, 687194767357",
    })
    void sfdiOfKnownDevices(String lfdi, String sfdi) {
        assertEquals(sfdi, DeviceId.sfdi(HEX.parseHex(lfdi)));
    }

    @Test
    void fingerprintIsSha256() {
        assertEquals("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
                HEX.formatHex(DeviceId.fingerprint(new byte[] {'a', 'b', 'c'})));
    }

    @Test
    void digitsOfAnSfdiAddUpToAMultipleOfTen() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        byte[] fingerprint = new byte[DeviceId.FINGERPRINT_BYTES];
        for (int i = 0; i < 10_000; i++) {
            random.nextBytes(fingerprint);
            String sfdi = DeviceId.sfdi(fingerprint);
            String what = HEX.formatHex(fingerprint) + ", seed " + seed;
            assertEquals(DeviceId.SFDI_DIGITS, sfdi.length(), what);
            assertEquals(0, sfdi.chars().map(digit -> digit - '0').sum() % 10, what);
            long first36Bits = Long.parseLong(DeviceId.lfdi(fingerprint).substring(0, 9), 16);
            assertEquals(first36Bits, Long.parseLong(sfdi.substring(0, 11)), what);
            assertEquals(sfdi, DeviceId.sfdi(Arrays.copyOf(fingerprint, DeviceId.LFDI_BYTES)));
        }
    }
}
