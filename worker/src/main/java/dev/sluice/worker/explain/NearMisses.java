package dev.sluice.worker.explain;

import dev.sluice.common.config.ConditionConfig;
import dev.sluice.common.config.ListenConfig;
import dev.sluice.common.config.LocationConfig;
import dev.sluice.common.config.LocationConfig.Match;
import dev.sluice.common.config.SecretValues;
import dev.sluice.common.config.ServerConfig;
import dev.sluice.common.config.ServerNameConfig;
import dev.sluice.common.config.ServerNameConfig.Kind;
import dev.sluice.common.config.SluiceConfig;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.route.RouteProbes;
import java.util.List;

/**
 * Which servers and locations would have taken a request if there were no others, and why another
 * one goes first. Each is asked alone, by the code that routes.
 *
 * <p>Owner: the calling thread.
 */
final class NearMisses {

    private static final int TOLD_MAX = 12;

    private final SluiceConfig config;
    private final RouteProbes probes;
    private final SecretValues secrets;

    NearMisses(SluiceConfig config, RouteProbes probes, SecretValues secrets) {
        this.config = config;
        this.secrets = secrets;
        this.probes = probes;
    }

    /** Tells of the server that was found at an address, and of others there with the name. */
    void servers(Exchange x, String listenKey, Explanation to) {
        ServerConfig found = x.server.config;
        String name = nameOf(found, x);
        String why = name == null
                ? "the default server of the address, as no server_name fits" : "by " + name;
        to.add("server", found.name() + ", " + why, found.at());
        for (ServerConfig other : config.servers()) {
            String otherName = other == found || !listensAt(other, listenKey)
                    ? null : nameOf(other, x);
            if (otherName != null) {
                to.lost(other.name() + " by " + otherName,
                        "an exact name goes before one with an asterisk, the longer one of these"
                        + " first, then expressions in the order of the file", other.at());
            }
        }
    }

    private String nameOf(ServerConfig server, Exchange x) {
        for (ServerNameConfig name : server.names()) {
            if (probes.fits(List.of(name), x)) {
                return (name.kind() == Kind.REGEX ? "~" : "") + name.text();
            }
        }
        return null;
    }

    private static boolean listensAt(ServerConfig server, String key) {
        for (ListenConfig listen : server.listens()) {
            if (listen.key().equals(key)) {
                return true;
            }
        }
        return false;
    }

    /** Tells of locations whose path fits, beside the one that was found; null for none. */
    void locations(ServerConfig server, LocationConfig found, Exchange x, Explanation to) {
        int told = 0;
        for (LocationConfig one : server.locations()) {
            if (one == found || !probes.fitsPath(one, x)) {
                continue;
            }
            if (++told > TOLD_MAX) {
                to.add("", "and others");
                return;
            }
            to.lost(one.label(), probes.fits(one, x) ? order(one, found) : lack(one, x), one.at());
        }
    }

    private String lack(LocationConfig one, Exchange x) {
        for (ConditionConfig condition : one.route().conditions()) {
            if (!probes.holds(condition, x)) {
                return "when = " + secrets.shown(condition) + " does not hold";
            }
        }
        return "its methods are " + String.join(" ", one.route().methods());
    }

    private static String order(LocationConfig lost, LocationConfig found) {
        if (found == null) {
            return "the server answers before";
        }
        if (lost.match() == found.match() && lost.pattern().equals(found.pattern())) {
            return "of the same path, another one stands before it or has conditions that hold";
        }
        Match first = found.match();
        if (first == Match.EXACT) {
            return "an exact path goes first";
        }
        if (first == Match.TEMPLATE) {
            return "a path with parameters goes before prefixes and expressions, and of two the"
                    + " one with a fixed text where the other has a parameter";
        }
        if (lost.match().isRegex()) {
            return first == Match.PREFIX_STRONG ? "^~ goes before expressions"
                    : "another expression stands before it in the file";
        }
        if (first.isRegex()) {
            return "an expression goes before prefixes without ^~";
        }
        return found.pattern() + " is longer";
    }
}
