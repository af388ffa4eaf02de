package dev.sluice.common.config;

import dev.sluice.common.identity.DeviceList;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Resolves who may come to what a section describes. Owner: the loading thread. */
final class AccessCheck {

    private final Problems problems;
    private final Inherited<AccessConfig> inherited;

    AccessCheck(Problems problems) {
        this.problems = problems;
        List<ConfigKey<?>> keys = new ArrayList<>(AccessKeys.ALL);
        keys.addAll(JwtKeys.ALL);
        this.inherited = new Inherited<>(keys);
    }

    AccessConfig check(Scope scope) {
        AccessConfig shared = inherited.of(scope);
        return shared != null ? shared : inherited.keep(scope, checkNow(scope));
    }

    private AccessConfig checkNow(Scope scope) {
        BasicAuthConfig basic = scope.given(AccessKeys.AUTH_BASIC);
        checkUsers(scope);
        return new AccessConfig(rules(scope),
                scope.value(AccessKeys.SATISFY) == AccessTypes.Satisfy.ANY, devices(scope),
                basic == null || basic.realm() == null ? null : basic, jwt(scope),
                authRequest(scope));
    }

    private DevicesConfig devices(Scope scope) {
        String allow = devices(scope, AccessKeys.LFDI_ALLOW);
        String deny = devices(scope, AccessKeys.LFDI_DENY);
        return allow == null && deny == null ? null : new DevicesConfig(allow, deny);
    }

    private String devices(Scope scope, ConfigKey<String> key) {
        scope.own(key).forEach(this::checkDevices);
        String file = scope.given(key);
        return file == null || file.equals(AccessTypes.OFF) ? null : file;
    }

    /** The file as it is now; a worker reads it again when it changes. */
    private void checkDevices(Setting<String> setting) {
        String file = setting.parsed();
        if (file == null || file.equals(AccessTypes.OFF)) {
            return;
        }
        try {
            for (DeviceList.Problem problem : DeviceList.read(Path.of(file)).problems()) {
                problems.opened(file);
                problems.error(new SourceLine(file, problem.line()), problem.message(),
                        "a line begins with an LFDI, 40 hexadecimal digits, or with #");
            }
        } catch (NoSuchFileException e) {
            problems.error(setting.value().at(), "\"" + setting.key().name() + "\": \"" + file
                    + "\" does not exist", "an empty file names nobody");
        } catch (IOException e) {
            problems.error(setting.value().at(), "\"" + setting.key().name() + "\": \"" + file
                    + "\" cannot be read: " + e.getMessage());
        }
    }

    private JwtConfig jwt(Scope scope) {
        checkKeys(scope);
        JwtTypes.Place place = scope.given(JwtKeys.AUTH_JWT);
        if (place == null || place.realm() == null) {
            return null;
        }
        Scope holder = scope.nearestOf(JwtKeys.KEY_FILE, JwtKeys.KEY_URL);
        if (holder == null) {
            problems.error(scope.at, scope.title() + " asks for a token and names no keys",
                    "add auth_jwt_key_file = /etc/sluice/jwks.json");
            return null;
        }
        String file = holder.ownValue(JwtKeys.KEY_FILE);
        JwtTypes.KeyUrl url = holder.ownValue(JwtKeys.KEY_URL);
        if (file != null && url != null) {
            problems.error(holder.own(JwtKeys.KEY_URL).getFirst().value().at(),
                    "\"auth_jwt_key_url\" and \"auth_jwt_key_file\" are both in "
                            + holder.title(), "keep one of them");
        }
        return new JwtConfig(place.realm(), place.token(), url == null ? file : null,
                url == null ? null : url.url(), url == null || url.trusted() == null
                        ? TransportKeys.SYSTEM_AUTHORITIES : url.trusted(),
                url == null ? 0 : url.refreshMs(),
                scope.value(JwtKeys.ALGORITHMS), list(scope, JwtKeys.AUDIENCE),
                scope.given(JwtKeys.ISSUER), scope.value(JwtKeys.LEEWAY),
                scope.value(JwtKeys.REQUIRE));
    }

    private static List<String> list(Scope scope, ConfigKey<List<String>> key) {
        List<String> given = scope.given(key);
        return given == null ? List.of() : given;
    }

    /** A key must not be printed, so nothing is said of what the file holds. */
    private void checkKeys(Scope scope) {
        for (Setting<JwtTypes.KeyUrl> setting : scope.own(JwtKeys.KEY_URL)) {
            String trusted = setting.parsed() == null ? null : setting.parsed().trusted();
            if (trusted != null && !Files.isReadable(Path.of(trusted))) {
                problems.error(setting.value().at(), "\"auth_jwt_key_url\": \"" + trusted + "\" "
                        + (Files.exists(Path.of(trusted)) ? "cannot be read" : "does not exist"),
                        "expected a file with certificates in PEM");
            }
        }
        for (Setting<String> setting : scope.own(JwtKeys.KEY_FILE)) {
            if (setting.parsed() == null) {
                continue;
            }
            Path file = Path.of(setting.parsed());
            String wrong = null;
            try {
                if (!Files.readString(file).strip().startsWith("{")) {
                    wrong = "is no JWK set";
                }
            } catch (NoSuchFileException e) {
                wrong = "does not exist";
            } catch (IOException e) {
                wrong = "cannot be read";
            }
            if (wrong != null) {
                problems.error(setting.value().at(), "\"auth_jwt_key_file\": \"" + file + "\" "
                        + wrong, "expected a file such as {\"keys\": [...]} (RFC 7517)");
            }
        }
    }

    private static AuthRequestConfig authRequest(Scope scope) {
        String uri = scope.given(AccessKeys.AUTH_REQUEST);
        if (uri == null || uri.equals(AccessTypes.OFF)) {
            return null;
        }
        Scope holder = scope.nearest(AccessKeys.AUTH_REQUEST_SET);
        return new AuthRequestConfig(uri, holder == null ? List.of()
                : holder.ownValues(AccessKeys.AUTH_REQUEST_SET));
    }

    /** The file of users as it is now; a worker reads it again when it changes. */
    private void checkUsers(Scope scope) {
        for (Setting<BasicAuthConfig> setting : scope.own(AccessKeys.AUTH_BASIC)) {
            if (setting.parsed() == null || setting.parsed().realm() == null) {
                continue;
            }
            String file = setting.parsed().file();
            try {
                for (PasswordFile.Problem problem : PasswordFile.read(Path.of(file)).problems()) {
                    problems.opened(file);
                    problems.error(new SourceLine(file, problem.line()), problem.message(),
                            problem.help());
                }
            } catch (NoSuchFileException e) {
                problems.error(setting.value().at(), "\"auth_basic\": \"" + file
                        + "\" does not exist", "make it with: htpasswd -cB " + file + " NAME");
            } catch (IOException e) {
                problems.error(setting.value().at(), "\"auth_basic\": \"" + file
                        + "\" cannot be read: " + e.getMessage());
            }
        }
    }

    /** Both keys make one list: what matters is which of them comes first. */
    private static List<AccessRule> rules(Scope scope) {
        Scope holder = scope.nearestOf(AccessKeys.ALLOW, AccessKeys.DENY);
        return holder == null ? List.of() : ownRules(holder);
    }

    /** Those of this section alone, which has some. */
    static List<AccessRule> ownRules(Scope holder) {
        List<AccessRule> rules = new ArrayList<>();
        for (Setting<?> setting : holder.settings()) {
            boolean allow = setting.key() == AccessKeys.ALLOW;
            if (setting.parsed() != null && (allow || setting.key() == AccessKeys.DENY)) {
                for (Object network : (List<?>) setting.parsed()) {
                    rules.add(new AccessRule(allow, (String) network));
                }
            }
        }
        return closed(rules);
    }

    /** Who only lists those who may come means nobody else. */
    static List<AccessRule> closed(List<AccessRule> rules) {
        List<AccessRule> closed = new ArrayList<>(rules);
        if (rules.stream().allMatch(AccessRule::allow)) {
            closed.add(new AccessRule(false, AccessRule.ALL));
        }
        return closed;
    }

    /** The list of the address for operators. */
    static AccessConfig allowing(List<String> networks) {
        return new AccessConfig(closed(networks.stream()
                .map(network -> new AccessRule(true, network)).toList()), false, null, null, null,
                null);
    }
}
