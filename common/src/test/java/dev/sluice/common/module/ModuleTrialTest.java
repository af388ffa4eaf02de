package dev.sluice.common.module;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.config.ConfigDifference;
import dev.sluice.common.config.ConfigError;
import dev.sluice.common.config.ConfigLoader;
import dev.sluice.common.config.LoadedConfig;
import dev.sluice.common.config.ModuleConfig;
import dev.sluice.common.config.ModuleJar;
import dev.sluice.common.config.SluiceConfig;
import dev.sluice.common.config.WorkerImage;
import dev.sluice.module.Hooks;
import dev.sluice.module.ModuleContext;
import dev.sluice.module.ModuleException;
import dev.sluice.module.ModuleInstance;
import dev.sluice.module.Route;
import dev.sluice.module.SluiceModule;
import dev.sluice.module.testkit.ModuleJarBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Modules as {@code sluice -t} finds them: what is right with a jar and what is wrong. */
final class ModuleTrialTest {

    private static final String KEYS = """
            [probe]
            type = flag
            default = off
            sections = http server location
            doc = Whether it does something.

            [probe_limit]
            type = number
            min = 1
            max = 9
            default = 3
            sections = location
            doc = A number.

            [probe_name]
            type = text
            repeated = yes
            sections = location
            doc = Names.

            [file]
            type = path
            sections = module
            doc = A file.
            """;

    @TempDir
    Path folder;

    /** Takes its keys and checks that it sees what it should. */
    public static final class Probe implements SluiceModule, ModuleInstance {
        private ModuleContext context;

        @Override
        public ModuleInstance open(ModuleContext given) throws ModuleException {
            context = given;
            if (context.settings().has("file") && context.settings().text("file").endsWith("bad")) {
                throw new ModuleException("the file is bad", "take another");
            }
            context.text("$remote_addr ${http_x_a}");
            try {
                Class.forName("dev.sluice.common.config.SluiceConfig");
                throw new ModuleException("sees Sluice inside");
            } catch (ClassNotFoundException hidden) {
                return this;
            }
        }

        @Override
        public void install(Route route, Hooks hooks) throws ModuleException {
            List<String> names = route.settings().list("probe_name");
            if (names.contains("text")) {
                context.text("$no_such");
            }
            if (names.contains("wrong type")) {
                route.settings().size("probe");
            }
            if (route.settings().flag("probe") && route.settings().number("probe_limit") == 9) {
                throw new ModuleException("9 in " + route.server() + " " + route.location());
            }
        }
    }

    /** Cannot be made. */
    public static final class Broken implements SluiceModule {
        public Broken() {
            throw new IllegalStateException("no");
        }

        @Override
        public ModuleInstance open(ModuleContext context) {
            return null;
        }
    }

    private Path jar() {
        return probe("probe").keys(KEYS).write(folder.resolve("probe.jar"));
    }

    private static ModuleJarBuilder probe(String name) {
        return ModuleJarBuilder.of(name).classes(Probe.class);
    }

    private LoadedConfig load(String main, String location) {
        return ModuleTrial.of(ConfigLoader.loadText("[main]\n" + main + "\n[server www]\n"
                + "listen = 80\n[location www /]\n" + location + "\n", folder));
    }

    private static String errors(LoadedConfig loaded) {
        return loaded.errors().stream().map(ConfigError::asError)
                .collect(Collectors.joining("\n"));
    }

    @Test
    void aModuleAddsItsKeysToTheLanguage() {
        jar();
        LoadedConfig loaded = load("modules = probe.jar",
                "probe = on\nprobe_name = a b\nprobe_name = c");
        assertEquals("", errors(loaded));
        SluiceConfig config = loaded.config();
        assertEquals("probe", config.modules().getFirst().jar().name());
        var settings = config.servers().getFirst().locations().getFirst().modules().getFirst();
        assertEquals(true, settings.values().get("probe"));
        assertEquals(3, settings.values().get("probe_limit"));
        assertEquals(List.of("a b", "c"), settings.values().get("probe_name"));
    }

    @Test
    void aFolderIsAllItsJarsAndTheEffectiveTextBindsEachToItsBytes() throws IOException {
        jar();
        probe("second").write(folder.resolve("second.jar"));
        String text = load("modules = .", "").effectiveText();
        for (String name : List.of("probe", "second")) {
            Path file = folder.resolve(name + ".jar");
            assertTrue(text.contains("modules = " + file + " sha256="
                    + ModuleJar.sha256(Files.readAllBytes(file))), text);
        }
        assertTrue(text.contains("; probe 1.2.3 (API 0.3, access, sha256 "), text);
    }

    @Test
    void aWorkerIsToldOfTheCopiesBesideItsImage() throws IOException {
        jar();
        SluiceConfig config = load("modules = probe.jar", "").config();
        Path file = Files.write(folder.resolve("gen-1.image"), WorkerImage.of(config, folder));
        SluiceConfig read = WorkerImage.read(file).config();
        ModuleConfig before = config.modules().getFirst();
        ModuleConfig module = read.modules().getFirst();
        assertEquals(folder.resolve("modules").resolve(before.jar().sha256() + ".jar"),
                module.jar().file());
        assertEquals(before.settings(), module.settings());
        assertEquals(config.servers(), read.servers());
    }

    @Test
    void orderIsByWishesThenByName() {
        probe("a").attribute("Sluice-Module-After", "c").write(folder.resolve("1.jar"));
        probe("b").write(folder.resolve("2.jar"));
        probe("c").attribute("Sluice-Module-Before", "b").write(folder.resolve("3.jar"));
        assertEquals("[c, a, b]", ConfigLoader.loadText("[main]\nmodules = *.jar\n", folder)
                .config().modules().stream()
                .map(m -> m.jar().name()).toList().toString());
        probe("b").attribute("Sluice-Module-Before", "c").write(folder.resolve("2.jar"));
        assertTrue(errors(load("modules = *.jar", "")).contains("want to come before"));
    }

    @Test
    void whatAModuleNeedsHasToBeThere() {
        probe("a").attribute("Sluice-Module-Needs", "b").write(folder.resolve("a.jar"));
        assertTrue(errors(load("modules = a.jar", "")).contains("text:2: \"modules\": \""
                + folder.resolve("a.jar") + "\" needs the module \"b\", which is not there"));
        probe("b").write(folder.resolve("b.jar"));
        assertFalse(errors(load("modules = *.jar", "")).contains("needs the module"));
    }

    /** What modules are compiled against says the version that is asked for here. */
    @Test
    void theVersionOfTheInterfaceIsOne() throws IOException {
        String line = "<Sluice-Module-Api>" + ModuleJar.API + "</Sluice-Module-Api>";
        for (String pom : List.of("api", "example")) {
            assertTrue(Files.readString(Path.of("../modules", pom, "pom.xml")).contains(line), pom);
        }
    }

    @Test
    void aJarThatCannotBeReadMakesNoFurtherErrors() throws IOException {
        Files.writeString(folder.resolve("probe.jar"), "text");
        String errors = errors(load("modules = probe.jar\n[module probe]\nfile = x", "probe = on"));
        assertTrue(errors.contains("is not a jar"), errors);
        assertEquals(1, errors.split("\\[error\\]", -1).length - 1, errors);
    }

    @Test
    void variablesAreKnownBeforeAnyClassIsLoadedAndMissedWhenNobodyGivesThem() {
        probe("probe").keys(KEYS).attribute("Sluice-Module-Variables", "probe_who").write(
                folder.resolve("probe.jar"));
        String errors = errors(load("modules = probe.jar", "add_header = X-Who $probe_who"));
        assertFalse(errors.contains("unknown variable"), errors);
        assertTrue(errors.contains("module probe 1.2.3: brings nothing for $probe_who"), errors);
        probe("probe").attribute("Sluice-Module-Variables", "host").write(
                folder.resolve("probe.jar"));
        assertTrue(errors(load("modules = probe.jar", "")).contains(
                "brings $host, which is a variable of Sluice"));
        probe("probe").attribute("Sluice-Module-Variables", "http_*").write(
                folder.resolve("probe.jar"));
        assertTrue(errors(load("modules = probe.jar", "")).contains("brings $http_*, which"));
    }

    @Test
    void aFamilyOfVariablesIsKnownByItsBeginning() {
        probe("probe").attribute("Sluice-Module-Variables", "claim_of_*").write(
                folder.resolve("probe.jar"));
        String errors = errors(load("modules = probe.jar",
                "add_header = X-Who $claim_of_sub_x\nadd_header = X-No $claim_ofsub"));
        assertFalse(errors.contains("$claim_of_sub_x"), errors);
        assertTrue(errors.contains("unknown variable \"$claim_ofsub\""), errors);
    }

    @Test
    void aSecretIsShownToNobodyAndReachesTheModule() {
        probe("probe").keys(KEYS + """

                [password]
                type = text
                sections = module
                secret = yes
                doc = d

                [probe_token]
                type = text
                sections = location
                secret = yes
                doc = d
                """).write(folder.resolve("probe.jar"));
        LoadedConfig loaded = load("modules = probe.jar\n[module probe]\npassword = \"hunter2; x\"",
                "probe_token = hunter2\nreturn = 200 seen");
        assertEquals("hunter2; x",
                loaded.config().modules().getFirst().settings().values().get("password"));
        String shown = loaded.shownText();
        assertFalse(shown.contains("hunter2"), shown);
        assertTrue(loaded.effectiveText().contains("hunter2; x"));
        assertTrue(shown.contains("password = \"***\"  ; "), shown);
        assertTrue(shown.contains("probe_token = \"***\"  ; "), shown);
        assertTrue(shown.contains("seen"), shown);
    }

    @Test
    void aBalancerThatNobodyBringsIsAnError() {
        jar();
        assertTrue(errors(load("modules = probe.jar\n[upstream u]\nserver = 10.0.0.7:80\n"
                + "balance = module probe_last", "")).contains(
                "text:3: [upstream u]: \"balance\": no module brings \"probe_last\""));
    }

    @Test
    void aJarOfOtherBytesIsNotTaken() {
        jar();
        assertTrue(errors(load("modules = probe.jar sha256=" + "0".repeat(64), ""))
                .contains("has the SHA-256 "));
    }

    @Test
    void aReplacedJarAndAChangedSettingAreToldByAReload() {
        jar();
        SluiceConfig before = load("modules = probe.jar", "").config();
        probe("probe").keys(KEYS).attribute("Sluice-Module-Version", "2").write(
                folder.resolve("probe.jar"));
        assertEquals(List.of("module    ~ probe"), ConfigDifference.between(before,
                load("modules = probe.jar", "").config()));
        assertEquals(List.of("module    - probe"), ConfigDifference.between(before,
                load("", "").config()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            probe = perhaps     | text:6: "probe": "perhaps" is neither on nor off
            probe_limit = 10    | text:6: "probe_limit": "10" is out of range
            prob = on           | did you mean "probe"?
            file = x            | text:6: unknown key "file" in [location www /]
            probe_name = text   | unknown variable "$no_such"
            probe_name = wrong type | cannot be installed: java.lang.IllegalArgumentException
            """)
    void whatIsWrongInALocationIsToldWithItsPlace(String location, String expected) {
        jar();
        String errors = errors(load("modules = probe.jar", location));
        assertTrue(errors.contains(expected.strip()), errors);
    }

    @Test
    void whatAModuleRefusesIsToldAtItsLocation() {
        jar();
        String errors = errors(load("modules = probe.jar", "probe = on\nprobe_limit = 9"));
        assertTrue(errors.contains("text:5: module probe 1.2.3: [location www /]: 9 in www /"),
                errors);
        errors = errors(load("modules = probe.jar\n[module probe]\nfile = bad", ""));
        assertTrue(errors.contains("text:3: module probe 1.2.3: the file is bad"), errors);
        assertTrue(errors.contains("the file is bad\n        help: take another"), errors);
    }

    @Test
    void aSectionOfNoModuleIsAnError() {
        jar();
        assertTrue(errors(load("[module prob]", "")).contains("there is no such module"));
        assertTrue(errors(load("modules = probe.jar\n[module prob]\non_error = fail_open", ""))
                .contains("did you mean \"probe\"?"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Sluice-Module     |            | is not a module: its manifest has no Sluice-Module
            Sluice-Module     | A-B        | calls itself "A-B"
            Sluice-Module-Api |            | says no version of the interface it needs
            Sluice-Module-Api | 0.9        | needs version 0.9 of the interface of modules
            Sluice-Module-Api | 1.0        | needs version 1.0 of the interface of modules
            """)
    void aManifestThatIsNotRight(String name, String value, String expected) {
        probe("probe").attribute(name, value).write(folder.resolve("probe.jar"));
        String errors = errors(load("modules = probe.jar", ""));
        assertTrue(errors.contains("text:2: \"modules\": \"" + folder.resolve("probe.jar") + "\" "
                + expected), errors);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            [other]@type = flag@sections = http@doc = d         | is not called probe or probe_
            [probe]@type = flagg@sections = http@doc = d        | type "flagg" is none of
            [probe]@type = flag@doc = d                         | has no sections
            [probe]@type = flag@sections = http                 | has no doc
            [probe]@type = flag@sections = nowhere@doc = d      | which is none of
            [probe]@type = flag@sections = http@doc = d@x = y   | unknown line "x"
            [probe]@type = flag@sections = http@doc = d@default = 1 | its default
            [on_error]@type = flag@sections = module@doc = d    | which is a key of Sluice
            """)
    void aKeyTableThatIsNotRight(String table, String expected) {
        probe("probe").keys(table.strip().replace("@", "\n")).write(folder.resolve("probe.jar"));
        String errors = errors(load("modules = probe.jar", ""));
        assertTrue(errors.contains(expected), errors);
    }

    @Test
    void twoOfOneNameOrWithOneKeyAreErrors() {
        jar();
        probe("probe").write(folder.resolve("other.jar"));
        assertTrue(errors(load("modules = *.jar", "")).contains("calls itself \"probe\" as"));
        ModuleJarBuilder.of("probe_limit").classes(Probe.class).keys(
                "[probe_limit]\ntype = flag\nsections = location\ndoc = d\n")
                .write(folder.resolve("other.jar"));
        assertTrue(errors(load("modules = *.jar", "")).contains("and so does"));
    }

    @Test
    void filesThatAreNoJars() throws IOException {
        Files.writeString(folder.resolve("text.jar"), "text");
        assertTrue(errors(load("modules = text.jar", "")).contains("is not a jar"));
        assertTrue(errors(load("modules = none.jar", "")).contains("does not exist"));
        ModuleJarBuilder.of("probe").write(folder.resolve("probe.jar"));
        assertTrue(errors(load("modules = probe.jar", "")).contains("has no META-INF/services"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            no.such.Provider            | Provider no.such.Provider not found
            {}                          | Illegal
            """)
    void providersThatAreNone(String providers, String expected) {
        probe("probe").providers(providers).write(folder.resolve("probe.jar"));
        String errors = errors(load("modules = probe.jar", ""));
        assertTrue(errors.contains("cannot be opened: ") && errors.contains(expected), errors);
    }

    @Test
    void aProviderThatThrows() {
        ModuleJarBuilder.of("probe").classes(Broken.class).write(folder.resolve("probe.jar"));
        String errors = errors(load("modules = probe.jar", ""));
        assertTrue(errors.contains("cannot be opened: java.lang.IllegalStateException: no"),
                errors);
    }
}
