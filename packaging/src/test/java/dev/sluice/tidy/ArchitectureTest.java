package dev.sluice.tidy;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Who may know whom. */
final class ArchitectureTest {

    private static final JavaClasses PRODUCT = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(at -> !at.contains("/dev/sluice/tidy/"))
            .withImportOption(at -> !at.contains("/dev/sluice/talk/"))
            // They bring libraries of their own, and are loaded by loaders of their own.
            .withImportOption(at -> !at.contains("/dev/sluice/modules/"))
            .importPackages("dev.sluice");

    /**
     * The packages of the worker, each with those it may use. A request's way goes from the bottom
     * (listen) to the top; a package knows nothing of the one that calls it.
     */
    private static final Map<String, List<String>> WORKER = worker();

    private static Map<String, List<String>> worker() {
        var uses = new TreeMap<String, List<String>>();
        uses.put("arena", List.of());
        uses.put("linux", List.of());
        uses.put("http", List.of("arena"));
        uses.put("http1", List.of("arena", "http"));
        uses.put("http2", List.of("arena", "http", "http1"));
        uses.put("match", List.of("arena", "http"));
        uses.put("loop", List.of("arena", "linux"));
        uses.put("exchange", List.of("arena", "http", "loop"));
        uses.put("watch", List.of("arena", "http", "match", "loop", "exchange"));
        uses.put("balance", List.of());
        uses.put("variables", List.of("arena", "http", "http1", "loop", "exchange"));
        uses.put("accesslog", List.of("arena", "http", "loop", "exchange", "variables"));
        uses.put("proxyprotocol", List.of("linux", "match", "exchange"));
        uses.put("downstream", List.of("arena", "linux", "http", "http1", "http2", "loop",
                "exchange", "tls", "proxyprotocol", "watch"));
        uses.put("listen", List.of("arena", "linux", "loop", "downstream"));
        uses.put("dns", List.of("loop"));
        uses.put("tls", List.of("arena", "http", "loop", "exchange"));
        uses.put("upstream", List.of("arena", "linux", "http", "http1", "http2", "loop", "tls",
                "balance", "dns"));
        uses.put("proxy", List.of("arena", "http", "http1", "match", "loop", "exchange", "balance",
                "upstream", "variables"));
        uses.put("detect", List.of("arena", "linux", "http2", "loop", "exchange",
                "proxyprotocol", "watch"));
        uses.put("relay", List.of("arena", "linux", "loop", "exchange", "upstream"));
        uses.put("stream", List.of("arena", "linux", "http", "loop", "exchange", "access", "tls",
                "proxyprotocol", "downstream", "upstream", "proxy", "relay", "watch"));
        uses.put("tunnel", List.of("arena", "http", "match", "loop", "exchange", "answer", "dns",
                "upstream", "relay"));
        uses.put("statics", List.of("arena", "linux", "http", "http1", "loop", "exchange",
                "variables", "answer", "coding"));
        uses.put("answer", List.of("arena", "http", "http1", "match", "loop", "exchange",
                "variables"));
        uses.put("route", List.of("arena", "http", "http1", "match", "loop", "exchange",
                "variables", "answer", "realip"));
        uses.put("realip", List.of("arena", "http", "loop", "exchange", "match"));
        uses.put("subrequest", List.of("arena", "http", "loop", "exchange", "variables",
                "answer"));
        uses.put("access", List.of("arena", "http", "match", "loop", "exchange", "variables",
                "answer", "subrequest"));
        uses.put("limit", List.of("arena", "http", "loop", "exchange", "match", "variables",
                "answer"));
        uses.put("module", List.of("arena", "linux", "http", "loop", "exchange", "balance",
                "variables", "answer", "access"));
        uses.put("cache", List.of("arena", "linux", "http", "http1", "match", "loop",
                "exchange", "variables", "answer", "statics"));
        uses.put("coding", List.of("arena", "linux", "http", "loop", "exchange"));
        uses.put("dispatch", List.of("arena", "http", "http1", "match", "loop", "exchange",
                "variables", "accesslog", "route", "answer", "watch"));
        uses.put("explain", List.of("arena", "http", "http1", "loop", "exchange", "variables",
                "answer", "route", "statics", "access", "proxy", "coding", "cache", "tunnel",
                "dispatch", "match"));
        return uses;
    }

    @Test
    void partsMeetInCommonOnly() {
        // Both processes use Netty, and hear it by one class.
        noClasses().that().resideInAPackage("dev.sluice.common..")
                .and().haveNameNotMatching(".*\\.NettyLog(\\$.*)?").should()
                .dependOnClassesThat().resideInAnyPackage("io.netty..", "io.micrometer..",
                        "dev.sluice.worker..", "dev.sluice.master..")
                .check(PRODUCT);
        noClasses().that().resideInAPackage("dev.sluice.common..")
                .and().resideOutsideOfPackage("dev.sluice.common.module..").should()
                .dependOnClassesThat().resideInAPackage("dev.sluice.module..").check(PRODUCT);
        noClasses().that().resideInAPackage("dev.sluice.master..").should()
                .dependOnClassesThat().resideInAPackage("dev.sluice.worker..").check(PRODUCT);
        noClasses().that().resideInAPackage("dev.sluice.worker..").should()
                .dependOnClassesThat().resideInAnyPackage("dev.sluice.master..",
                        "io.micrometer..", "org.apache.commons.cli..").check(PRODUCT);
        classes().that().resideInAPackage("dev.sluice.module..").should()
                .onlyDependOnClassesThat().resideInAnyPackage("java..", "dev.sluice.module..")
                .check(PRODUCT);
    }

    @Test
    void everyPackageOfTheWorkerUsesOnlyWhatIsBelowIt() {
        var found = new TreeSet<String>();
        var wrong = new TreeMap<String, String>();
        for (JavaClass from : PRODUCT) {
            String name = workerPackage(from);
            if (name == null || name.equals("boot")) {
                continue;
            }
            found.add(name);
            List<String> allowed = WORKER.getOrDefault(name, List.of());
            from.getDirectDependenciesFromSelf().forEach(dependency -> {
                String to = workerPackage(dependency.getTargetClass());
                if (to != null && !to.equals(name) && !allowed.contains(to)) {
                    wrong.putIfAbsent(name + " may not use " + to, dependency.getDescription());
                }
            });
        }
        assertEquals("", wrong.entrySet().stream().map(Object::toString)
                .collect(Collectors.joining("\n")), "each with its first place");
        assertEquals(List.of(), found.stream().filter(n -> !WORKER.containsKey(n)).toList(),
                "packages without a place in the table above");
    }

    /** The part of the name behind dev.sluice.worker; null for what is not of the worker. */
    private static String workerPackage(JavaClass type) {
        String[] parts = type.getBaseComponentType().getPackageName().split("\\.");
        return parts.length > 3 && parts[0].equals("dev") && parts[1].equals("sluice")
                && parts[2].equals("worker") ? parts[3] : null;
    }

    @Test
    void noCycles() {
        slices().matching("dev.sluice.worker.(*)..").should().beFreeOfCycles().check(PRODUCT);
        slices().matching("dev.sluice.common.(*)..").should().beFreeOfCycles().check(PRODUCT);
        slices().matching("dev.sluice.master.(*)..").should().beFreeOfCycles().check(PRODUCT);
    }

    @Test
    void librariesStayWhereTheyBelong() {
        noClasses().that().resideOutsideOfPackages("dev.sluice.worker.arena..",
                "dev.sluice.worker.loop..", "dev.sluice.worker.dns..", "dev.sluice.worker.tls..")
                .should().dependOnClassesThat().resideInAPackage("io.netty.buffer..")
                .because("memory is lent as slabs (rule 7); libraries have buffers of their own")
                .check(PRODUCT);
        classes().that().resideInAPackage("dev.sluice.master..").should()
                .onlyDependOnClassesThat(new DescribedPredicate<JavaClass>(
                        "are not Netty's, or are its sockets") {
                    @Override
                    public boolean test(JavaClass type) {
                        return !type.getPackageName().startsWith("io.netty")
                                || type.getPackageName().matches(
                                        "io\\.netty\\.channel\\.(unix|epoll)");
                    }
                }).check(PRODUCT);
        noClasses().that().resideOutsideOfPackage("dev.sluice.master.metrics..").should()
                .dependOnClassesThat().resideInAnyPackage("io.micrometer..", "io.prometheus..")
                .check(PRODUCT);
        noClasses().that().resideOutsideOfPackage("dev.sluice.worker.coding..").should()
                .dependOnClassesThat().resideInAPackage("com.github.luben..").check(PRODUCT);
        noClasses().that().resideOutsideOfPackages("dev.sluice.worker.tls.sep..",
                "dev.sluice.common.identity..", "dev.sluice.common.ocsp..",
                "dev.sluice.master.certificate..")
                .and().doNotHaveSimpleName("KeyForms")
                .and().doNotHaveSimpleName("PasswordCheck").should()
                .dependOnClassesThat().resideInAPackage("org.bouncycastle..")
                .because("it takes long to load: only where it is asked for").check(PRODUCT);
        noClasses().should().dependOnClassesThat().haveFullyQualifiedName("sun.misc.Unsafe")
                .because("ByteBuffer and the foreign memory API do it").check(PRODUCT);
    }

    @Test
    void namesSayWhatAThingIs() {
        noClasses().should().haveSimpleNameEndingWith("Impl")
                .orShould().haveSimpleNameEndingWith("Base")
                .orShould().haveSimpleNameEndingWith("Util")
                .orShould().haveSimpleNameEndingWith("Utils")
                .orShould().haveSimpleNameEndingWith("Helper")
                .orShould().haveSimpleNameEndingWith("Manager")
                .orShould().haveSimpleNameEndingWith("Support")
                .orShould().haveSimpleNameStartingWith("Abstract")
                .orShould().resideInAnyPackage("..util..", "..helper..", "..misc..", "..impl..",
                        "..base..", "..manager..")
                .because("a function without a home belongs to the type it asks questions of"
                        + " (rule 3)").check(PRODUCT);
    }

    @Test
    void threadsMeetInFewPlaces() {
        fields().that().areDeclaredInClassesThat().resideInAPackage("dev.sluice.worker..")
                .and().areDeclaredInClassesThat().resideOutsideOfPackages(
                        "dev.sluice.worker.loop..", "dev.sluice.worker.accesslog..",
                        "dev.sluice.worker.boot..")
                .should().notHaveModifier(JavaModifier.VOLATILE)
                .because("a field has one writing thread; others speak through the loop (rule 6)")
                .check(PRODUCT);
        methods().that().areDeclaredInClassesThat().resideInAPackage("dev.sluice.worker..")
                .and().areDeclaredInClassesThat().resideOutsideOfPackages(
                        "dev.sluice.worker.accesslog..", "dev.sluice.worker.boot..")
                .should().notHaveModifier(JavaModifier.SYNCHRONIZED).check(PRODUCT);
    }

    @Test
    void errorsOfTheDataPathAreValues() {
        methods().that().areDeclaredInClassesThat().resideInAnyPackage(
                "dev.sluice.worker.http..", "dev.sluice.worker.http1..",
                "dev.sluice.worker.exchange..", "dev.sluice.worker.dispatch..",
                "dev.sluice.worker.downstream..", "dev.sluice.worker.upstream..",
                "dev.sluice.worker.proxy..", "dev.sluice.worker.balance..")
                .should(declareNoCheckedException())
                .because("no exception crosses the data path (rule 13)").check(PRODUCT);
    }

    private static ArchCondition<JavaMethod> declareNoCheckedException() {
        return new ArchCondition<>("declare no checked exception") {
            @Override
            public void check(JavaMethod method, ConditionEvents events) {
                boolean checked = Arrays.stream(method.reflect().getExceptionTypes())
                        .anyMatch(type -> !RuntimeException.class.isAssignableFrom(type));
                if (checked && !method.reflect().isSynthetic()) {
                    events.add(SimpleConditionEvent.violated(method, method.getDescription()));
                }
            }
        };
    }
}
