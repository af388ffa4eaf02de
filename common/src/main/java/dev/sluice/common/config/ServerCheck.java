package dev.sluice.common.config;

import dev.sluice.common.config.LocationConfig.Match;
import dev.sluice.common.config.SectionTree.LocationScope;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The servers with their locations, and what may not be there twice among them. Owner: the loading
 * thread.
 */
final class ServerCheck {

    private static final String ADMIN_NAME = "admin";
    /** Of this machine, and whom the mode of a socket's folder lets in. */
    private static final List<String> LOOPBACK =
            List.of("127.0.0.0/8", "::1/128", AccessRule.UNIX);

    private final SectionTree tree;
    private final LocationCheck locationCheck;
    private final AccessCheck accessCheck;
    private final TlsCheck tlsCheck;
    private final Problems problems;
    private final Map<String, Scope> scopes = new LinkedHashMap<>();
    private AdminConfig admin;

    ServerCheck(SectionTree tree, LocationCheck locationCheck, AccessCheck accessCheck,
            TlsCheck tlsCheck, Problems problems) {
        this.tree = tree;
        this.locationCheck = locationCheck;
        this.accessCheck = accessCheck;
        this.tlsCheck = tlsCheck;
        this.problems = problems;
    }

    List<ServerConfig> check() {
        Scope http = tree.unnamed(SectionKind.HTTP);
        locationCheck.checkInherited(http);
        accessCheck.check(http);
        for (Scope scope : tree.named(SectionKind.SERVER)) {
            scope.inherit(http);
            scopes.put(scope.name, scope);
        }
        Map<String, List<LocationConfig>> locations = locations();
        List<ServerConfig> servers = new ArrayList<>();
        for (Scope scope : scopes.values()) {
            servers.add(server(scope, locations.getOrDefault(scope.name, List.of())));
        }
        Scope adminScope = tree.unnamed(SectionKind.ADMIN);
        if (adminScope != null) {
            adminScope.inherit(http);
            servers.add(adminServer(adminScope));
        }
        checkListens(servers);
        checkNames(servers);
        return servers;
    }

    /** Null without an [admin] section; known after {@link #check}. */
    AdminConfig admin() {
        return admin;
    }

    private Map<String, List<LocationConfig>> locations() {
        Map<String, List<LocationConfig>> byServer = new LinkedHashMap<>();
        for (LocationScope location : tree.locations()) {
            Scope scope = location.scope();
            Scope server = scopes.get(location.server());
            if (server == null) {
                String nearest = Spelling.nearest(location.server(), scopes.keySet());
                problems.error(scope.at, scope.title() + " belongs to no server: there is no"
                        + " [server " + location.server() + "]", nearest == null
                        ? "add [server " + location.server() + "]"
                        : "did you mean [location " + nearest + " ...]?");
            }
            scope.inherit(server == null ? tree.unnamed(SectionKind.HTTP) : server);
            byServer.computeIfAbsent(location.server(), k -> new ArrayList<>()).add(
                    locationCheck.check(scope, location.server(), location.match(),
                            location.pattern(), accessCheck.check(scope)));
        }
        return byServer;
    }

    private ServerConfig server(Scope scope, List<LocationConfig> locations) {
        if (!scope.has(HttpKeys.LISTEN)) {
            problems.error(scope.at, scope.title() + " listens nowhere", "add listen = 80");
        }
        List<ServerNameConfig> names = scope.ownValues(HttpKeys.SERVER_NAME).stream()
                .flatMap(List::stream).distinct().toList();
        List<ListenConfig> listens = scope.ownValues(HttpKeys.LISTEN);
        ServerTlsConfig tls = tlsCheck.check(scope, listens);
        return new ServerConfig(scope.at, scope.name, listens, names,
                scope.ownValues(HttpKeys.REWRITE), scope.ownValue(HttpKeys.RETURN),
                scope.value(HttpKeys.METRICS), ClaimKeys.check(scope), locations,
                locationCheck.check(scope, scope.name, Match.PREFIX, "/",
                        accessCheck.check(scope)),
                tls, scope.value(Http2Keys.HTTP2));
    }

    private ServerConfig adminServer(Scope scope) {
        List<ListenConfig> listens = scope.ownValues(ProcessKeys.ADMIN_LISTEN);
        List<String> allow = scope.has(ProcessKeys.ADMIN_ALLOW)
                ? scope.ownValues(ProcessKeys.ADMIN_ALLOW).stream().flatMap(List::stream).toList()
                : LOOPBACK;
        if (!scope.has(ProcessKeys.ADMIN_LISTEN)) {
            problems.error(scope.at, "[admin] listens nowhere", "add listen = 127.0.0.1:9090");
        }
        Scope taken = scopes.get(ADMIN_NAME);
        if (taken != null) {
            problems.error(taken.at, "[server admin] and [admin] are both there, [admin] at "
                    + scope.at, "name the server otherwise");
        }
        listens.stream().filter(ListenConfig::ssl).forEach(listen -> problems.error(listen.at(),
                "[admin] cannot listen with ssl", "put a [server] with ssl in front of it"));
        admin = new AdminConfig(listens, allow);
        return new ServerConfig(scope.at, ADMIN_NAME, listens, List.of(), List.of(), null, true,
                ClaimKeys.check(scope), List.of(),
                locationCheck.check(scope, ADMIN_NAME, Match.PREFIX, "/",
                        AccessCheck.allowing(allow,
                                scope.ownValues(ProcessKeys.ADMIN_USERS))), null, false);
    }

    private void checkListens(List<ServerConfig> servers) {
        Map<String, ListenConfig> defaults = new LinkedHashMap<>();
        Map<String, ListenConfig> firsts = new LinkedHashMap<>();
        for (ServerConfig server : servers) {
            Map<String, ListenConfig> own = new LinkedHashMap<>();
            checkTrust(server.listens(), server.claims().trusted(), problems);
            for (ListenConfig listen : server.listens()) {
                if (listen.udp()) {
                    problems.error(listen.at(), "\"udp\" is for streams, HTTP is not spoken in it",
                            "put it into a [stream]");
                }
                ListenConfig twice = own.putIfAbsent(listen.key(), listen);
                if (twice != null) {
                    problems.error(listen.at(), "\"" + listen.key() + "\" is listened at twice in"
                            + " [server " + server.name() + "], first at " + twice.at(),
                            "keep one of them");
                    continue;
                }
                ListenConfig before = listen.defaultServer()
                        ? defaults.putIfAbsent(listen.key(), listen) : null;
                if (before != null) {
                    problems.error(listen.at(), "\"" + listen.key()
                            + "\" has a default_server already, at " + before.at(),
                            "keep one of them");
                }
                ListenConfig first = firsts.putIfAbsent(listen.key(), listen);
                if (first != null) {
                    checkSame(first, listen);
                }
            }
        }
    }

    /** Servers that share an address share its socket, and what comes first on it. */
    private void checkSame(ListenConfig first, ListenConfig listen) {
        String address = "\"" + listen.key() + "\" ";
        if (first.auto() != listen.auto()) {
            problems.error(listen.at(), address + "is listened at with auto"
                    + " and without, first at " + first.at(),
                    "give all servers of an address auto, or none");
        } else if (first.ssl() != listen.ssl()) {
            problems.error(listen.at(), address + "is listened at with ssl"
                    + " and without, first at " + first.at(),
                    "give all servers of an address ssl, or none");
        }
        if (first.proxyProtocol() != listen.proxyProtocol()) {
            problems.error(listen.at(), address + "is listened at with proxy_protocol"
                    + " and without, first at " + first.at(),
                    "give all servers of an address proxy_protocol, or none");
        }
        if (!first.saysSocket() || !listen.saysSocket()) {
            return;
        }
        if (first.backlog() != listen.backlog()) {
            problems.error(listen.at(), address + "has another backlog"
                    + " already, at " + first.at(), "give all servers the same backlog");
        } else if (!first.options().equals(listen.options())) {
            problems.error(listen.at(), address + "has other options already, at " + first.at(),
                    "give them once, or all servers the same");
        }
    }

    /** A header that anybody may send is believed of nobody. */
    static void checkTrust(List<ListenConfig> listens, List<String> trusted, Problems problems) {
        for (ListenConfig listen : listens) {
            if (listen.proxyProtocol() && trusted.isEmpty()) {
                problems.error(listen.at(), "\"proxy_protocol\" without \"set_real_ip_from\"",
                        "say whose header is believed: set_real_ip_from = 10.0.0.0/8");
            }
        }
    }

    private void checkNames(List<ServerConfig> servers) {
        Map<String, ServerConfig> firsts = new LinkedHashMap<>();
        for (ServerConfig server : servers) {
            List<String> names = server.names().stream()
                    .map(name -> name.kind() + " " + name.text()).toList();
            for (String name : names.isEmpty() ? List.of(" ") : names) {
                for (ListenConfig listen : server.listens()) {
                    String pair = listen.key() + " " + name;
                    ServerConfig first = firsts.putIfAbsent(pair, server);
                    if (first != null && first != server) {
                        twice(server, first, listen, name.substring(name.indexOf(' ') + 1));
                    }
                }
            }
        }
    }

    private void twice(ServerConfig server, ServerConfig first, ListenConfig listen, String name) {
        String what = name.isEmpty() ? "no server_name" : "the server_name \"" + name + "\"";
        problems.error(server.at(), "[server " + server.name() + "] and [server " + first.name()
                + "] at " + first.at() + " both listen at " + listen.key() + " with " + what,
                "only one of them would ever answer: change the name or the address");
    }
}
