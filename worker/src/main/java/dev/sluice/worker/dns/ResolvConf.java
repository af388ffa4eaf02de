package dev.sluice.worker.dns;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What of resolv.conf(5) is used: servers, search list, ndots. Immutable.
 *
 * @param servers at most three, as the C library has it; none means that no name resolves
 */
record ResolvConf(List<InetSocketAddress> servers, List<String> search, int ndots) {

    static final int PORT = 53;
    private static final int SERVERS_MAX = 3;
    private static final int SEARCH_MAX = 6;
    private static final int NDOTS_MAX = 15;
    static final ResolvConf EMPTY = new ResolvConf(List.of(), List.of(), 1);

    ResolvConf {
        servers = List.copyOf(servers);
        search = List.copyOf(search);
    }

    /** Lines that are not understood are skipped, as the C library does. */
    static ResolvConf parse(String text) {
        List<InetSocketAddress> servers = new ArrayList<>();
        List<String> search = List.of();
        int ndots = 1;
        for (String line : text.split("\n")) {
            String[] words = line.strip().split("[ \t]+");
            switch (words[0]) {
                case "nameserver" -> {
                    String address = words.length > 1 ? words[1] : "";
                    if (isLiteral(address) && servers.size() < SERVERS_MAX) {
                        servers.add(new InetSocketAddress(InetAddress.ofLiteral(address), PORT));
                    }
                }
                // The last of these lines counts.
                case "search", "domain" -> search = List.of(words).subList(1, words.length);
                case "options" -> {
                    for (String option : words) {
                        ndots = option.startsWith("ndots:") ? ndots(option.substring(6), ndots)
                                : ndots;
                    }
                }
                default -> { }
            }
        }
        return new ResolvConf(servers, search.stream().limit(SEARCH_MAX)
                .map(domain -> domain.toLowerCase(Locale.ROOT)).toList(), ndots);
    }

    private static boolean isLiteral(String address) {
        return NetUtil.isValidIpV4Address(address) || NetUtil.isValidIpV6Address(address);
    }

    private static int ndots(String written, int before) {
        try {
            return Math.clamp(Integer.parseInt(written), 0, NDOTS_MAX);
        } catch (NumberFormatException e) {
            return before;
        }
    }

    /** The names to ask for, one after the other until one exists. */
    List<String> candidates(String host) {
        List<String> all = new ArrayList<>();
        for (String domain : search) {
            all.add(host + "." + domain);
        }
        boolean asWrittenFirst = host.chars().filter(c -> c == '.').count() >= ndots;
        all.add(asWrittenFirst ? 0 : all.size(), host);
        return all;
    }
}
