package dev.sluice.modules.geoip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.module.ModuleException;
import dev.sluice.module.testkit.InMemorySluice;
import dev.sluice.module.testkit.TestRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Addresses in databases that are written here. */
final class GeoipTest {

    @TempDir
    private Path folder;

    private Path city;
    private Path asn;
    private InMemorySluice sluice;

    @BeforeEach
    void write() throws IOException {
        city = folder.resolve("city.mmdb");
        asn = folder.resolve("asn.mmdb");
        new DatabaseFile().put("192.0.2.0", 24, Map.of(
                "country", Map.of("iso_code", "SE", "names", Map.of("en", "Sweden")),
                "continent", Map.of("code", "EU"),
                "subdivisions", List.of(Map.of("iso_code", "E")),
                "city", Map.of("names", Map.of("en", "Link\u00f6ping")),
                "postal", Map.of("code", "580 01"),
                "location", Map.of("latitude", 58.4, "longitude", 15.6,
                        "time_zone", "Europe/Stockholm")))
                .put("2001:db8::", 32, Map.of("country", Map.of("iso_code", "NO"))).write(city);
        new DatabaseFile().put("192.0.2.0", 25, Map.of("autonomous_system_number", 64_500,
                "autonomous_system_organization", "Example \"Net\"")).write(asn);
    }

    @AfterEach
    void close() {
        if (sluice != null) {
            sluice.close();
        }
    }

    private void open() throws ModuleException {
        sluice = InMemorySluice.of(new GeoipModule())
                .setOfModule("database", city.toString(), asn.toString()).open();
    }

    private String said(String from, String text) {
        sluice.send(TestRequest.get("/").from(from));
        return sluice.expand(text);
    }

    @Test
    void eachVariableHasItsPlace() throws Exception {
        open();
        assertEquals("SE Sweden EU E Link\u00c3\u00b6ping 580 01", said("192.0.2.7",
                "$geoip_country_code $geoip_country_name $geoip_continent_code $geoip_region"
                        + " $geoip_city $geoip_postal_code"));
        assertEquals("58.4 15.6 Europe/Stockholm 64500 Example \"Net\"", said("192.0.2.7",
                "$geoip_latitude $geoip_longitude $geoip_time_zone $geoip_asn"
                        + " $geoip_organization"));
    }

    @Test
    void whatIsNotKnownIsEmpty() throws Exception {
        open();
        assertEquals("SE,", said("192.0.2.200", "$geoip_country_code,$geoip_asn"));
        assertEquals("NO,", said("2001:db8::1", "$geoip_country_code,$geoip_city"));
        for (String nowhere : new String[] {"203.0.113.1", "::1", "unix:", ""}) {
            assertEquals(",", said(nowhere, "$geoip_country_code,$geoip_city"), nowhere);
        }
        assertTrue(sluice.log().isEmpty());
    }

    @Test
    void aChangedDatabaseCountsAndABadOneDoesNot() throws Exception {
        open();
        assertEquals("SE", said("192.0.2.7", "$geoip_country_code"));
        new DatabaseFile().put("192.0.2.0", 24, Map.of("country", Map.of("iso_code", "FI")))
                .write(city);
        sluice.filesChange();
        assertEquals("FI", said("192.0.2.7", "$geoip_country_code"));
        Path beside = Files.writeString(folder.resolve("x"), "no database");
        Files.move(beside, city, StandardCopyOption.REPLACE_EXISTING);
        sluice.filesChange();
        assertEquals("FI", said("192.0.2.7", "$geoip_country_code"));
        assertTrue(sluice.log().getFirst().contains("what was read before stays"));
        Files.delete(city);
        sluice.filesChange();
        assertEquals("FI", said("192.0.2.8", "$geoip_country_code"));
    }

    @Test
    void oneThatIsNotThereIsToldOnceAndTakenWhenItComes() throws Exception {
        Files.delete(city);
        open();
        assertEquals(",64500", said("192.0.2.7", "$geoip_country_code,$geoip_asn"));
        assertEquals(1, sluice.log().size(), sluice.log()::toString);
        write();
        sluice.filesChange();
        assertEquals("SE", said("192.0.2.7", "$geoip_country_code"));
        assertEquals(1, sluice.log().size(), sluice.log()::toString);
    }

    @Test
    void whatIsNoDatabaseIsSaidByTheCheck() throws Exception {
        Files.writeString(asn, "no database");
        for (String bad : new String[] {asn.toString(), folder.resolve("nowhere").toString(),
            "relative.mmdb"}) {
            assertThrows(ModuleException.class, () -> InMemorySluice.of(new GeoipModule())
                    .dryRun().setOfModule("database", bad).open(), bad);
        }
    }
}
